internal import AWS
internal import Config
internal import Unix

/// The response to a client.
struct ServerResponse {
  let status: Int
  let body: ByteBuffer

  private static let reasons = [
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    431: "Request Header Fields Too Large", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
  ]
  private static let extraFields = [401: "WWW-Authenticate: Token\r\n", 405: "Allow: GET, HEAD\r\n"]

  /// Appends the whole response, without the body if it is to HEAD.
  func append(to buffer: ByteBuffer, isToHead: Bool) {
    buffer.append("HTTP/1.1 \(status) \(Self.reasons[status] ?? "")\r\n")
    buffer.append("Content-Type: application/json\r\nContent-Length: \(body.count)\r\nCache-Control: no-store\r\n")
    buffer.append(Self.extraFields[status] ?? "")
    buffer.append("Connection: close\r\n\r\n")
    if !isToHead { buffer.append(body) }
  }

  private init(_ status: Int, _ json: JSON.Value) {
    self.status = status
    body = ByteBuffer()
    json.append(to: body)
  }

  private init(_ status: Int, code: String, _ message: String) { self.init(status, ["code": code, "message": message]) }
}

extension ServerResponse {
  static let path = "/credentials"

  /// The lifetime that clients are told for credentials without an expiration, in milliseconds, so that they ask again and get new keys.
  static let endOfEndless: Int64 = 3_600_000

  /// Token and expiration are always there: the SDKs of Python, JavaScript and Rust require both.
  init(_ credentials: AWSCredentials, now: Int64) {
    let end = DateTime(milliseconds: credentials.expiration ?? now + Self.endOfEndless).iso8601
    self.init(
      200,
      [
        "AccessKeyId": credentials.accessKeyId, "SecretAccessKey": credentials.secretAccessKey, "Token": credentials.sessionToken ?? "",
        "Expiration": end, "AccountId": credentials.accountId,
      ])
  }

  /// There are no credentials.
  init(_ error: any Error) {
    let message = (error as? any Failure)?.message ?? "no credentials"
    self.init(503, code: "CredentialsUnavailable", message.printable)
  }

  init(_ refusal: ServerRequest.Refusal) {
    switch refusal {
    case .malformed: self.init(400, code: "BadRequest", "this is no request of HTTP/1.1 without a body")
    case .tooLarge: self.init(431, code: "RequestTooLarge", "the head of a request has up to \(ServerRequest.maximumLength) bytes")
    case .version: self.init(505, code: "VersionNotSupported", "HTTP/1.1 and HTTP/1.0 are spoken here")
    }
  }

  /// Why a request gets no credentials; nil: it does. A client without the token learns nothing else.
  static func refusal(of request: ServerRequest, _ token: AccessToken) -> ServerResponse? {
    // A web page whose name resolves to 127.0.0.1 could otherwise ask through the user's browser.
    guard request.host.map(isLoopback) ?? true else {
      return ServerResponse(403, code: "Forbidden", "the Host is not 127.0.0.1 or localhost")
    }
    if request.hasOrigin { return ServerResponse(403, code: "Forbidden", "requests of web pages are not answered") }
    guard let given = request.authorization, token.matches(given) else {
      return ServerResponse(
        401, code: "Unauthorized", "the Authorization header is not the token in AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    }
    guard request.target == path else { return ServerResponse(404, code: "NotFound", "there is only \(path)") }
    guard request.method == "GET" || request.method == "HEAD" else {
      return ServerResponse(405, code: "MethodNotAllowed", "credentials are only read")
    }
    return nil
  }

  /// Whether a `Host` is a loopback name, with or without a port (that of a tunnel may differ).
  static func isLoopback(_ host: String) -> Bool {
    for name in ["127.0.0.1", "localhost", "[::1]"] where host.lowercased().hasPrefix(name) {
      let rest = host.utf8.dropFirst(name.utf8.count)
      return rest.isEmpty
        || rest.first == UInt8(ascii: ":") && (2...6).contains(rest.count) && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }
    return false
  }
}
