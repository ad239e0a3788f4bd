internal import FoundationEssentials
internal import Unix

extension AWSRequest {
  /// A request whose members are a JSON object.
  init(service: Service, operation: String, request: some Encodable, _ names: MemberNames = .camelCase) {
    let body = ByteBuffer()
    let encoder = JSONEncoder()
    if names == .capitalized { encoder.keyEncodingStrategy = .custom { MemberName($0) { $0.uppercased() } } }
    // Texts and numbers always encode; otherwise the service would name the missing member.
    body.append(Array((try? encoder.encode(request)) ?? Data("{}".utf8)))
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
  init(service: Service, operation: String, method: String, path: String, query: [(name: String, value: String)] = []) {
    self.init(service: service, operation: operation, body: ByteBuffer())
    self.method = method
    self.path = path
    self.query = query
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
  /// The JSON in it as a value; nil if it is not such an object.
  func decoded<Value: Decodable>(_ type: Value.Type, _ names: MemberNames = .camelCase) -> Value? {
    let decoder = JSONDecoder()
    if names == .capitalized { decoder.keyDecodingStrategy = .custom { MemberName($0) { $0.lowercased() } } }
    return decoder.value(type, from: body)
  }
}

/// How a service's model writes the names of members; those of maps stay as they are.
enum MemberNames {
  /// `logGroupName`
  case camelCase
  /// `ClientId`
  case capitalized
}

private struct MemberName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ path: [any CodingKey], first: (Character) -> String) {
    let name = path.last?.stringValue ?? ""
    stringValue = (name.first.map(first) ?? "") + name.dropFirst()
  }

  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
