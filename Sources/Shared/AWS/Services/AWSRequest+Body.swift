internal import Config
internal import Unix

extension AWSRequest {
  /// A request whose members are a JSON object.
  init(service: Service, operation: String, request: JSON.Value) {
    let body = ByteBuffer()
    request.append(to: body)
    self.init(service: service, operation: operation, body: body)
  }

  /// A request to a query service: its members as a form.
  init(service: Service, operation: String, members: [(String, String)]) {
    let version = if case .query(let version) = service.wireProtocol { version } else { "" }
    let form = [("Action", operation), ("Version", version)] + members
    let body = ByteBuffer()
    body.append(form.map { "\(CanonicalRequest.encoded($0))=\(CanonicalRequest.encoded($1))" }.joined(separator: "&"))
    self.init(service: service, operation: operation, body: body)
  }

  /// An unsigned request to a REST service.
  /// - Parameter endpoint: nil: that of the service.
  init(
    service: Service, operation: String, method: String, path: String, query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], endpoint: Endpoint? = nil
  ) {
    self.init(service: service, operation: operation, body: ByteBuffer())
    (self.method, self.path, self.query, self.headers, self.endpoint) = (method, path, query, headers, endpoint)
    authentication = .none
  }

  /// The same request, sent without a signature.
  var unsigned: AWSRequest {
    var request = self
    request.authentication = .none
    return request
  }
}

extension AWSResponse {
  /// The JSON in it; nil if it is none.
  var json: JSON? { JSON(parsing: body) }
}
