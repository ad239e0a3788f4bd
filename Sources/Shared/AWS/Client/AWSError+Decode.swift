internal import Config
internal import Unix

extension AWSError {
  /// The error in a response that is no success. The code decides, not the status: these services answer almost every
  /// error of a client with 400 (AWS JSON protocol, "Operation error serialization").
  /// - Parameter credentials: the keys that signed the request; nil if it was not signed.
  init(_ response: HTTPResponse, to request: AWSRequest, host: String, credentials: AWSCredentials? = nil) {
    let body = Body(response.body, request.service.wireProtocol)
    let queryError = response.headers["x-amzn-query-error"]?.split(separator: ";").first.map(String.init)
    let code = queryError ?? body?.type ?? response.headers["x-amzn-errortype"] ?? ""
    self.code = Self.bare(code)
    operation = request.operation
    self.host = host
    detail = Self.firstLine(body?.text ?? "")
    kind = Self.kind(code: self.code, detail: detail, status: response.status, wireProtocol: request.service.wireProtocol)
    if self.code.isEmpty, detail.isEmpty || request.service.wireProtocol != .rest {
      // Proxies, load balancers and captive portals answer too, in HTML as a rule: the status says more. A success that only lacks
      // the request id begins with keys or tokens, and is not quoted.
      let text = String(decoding: response.body.prefix(60), as: UTF8.self)
      let mayBeGood = (200..<300).contains(response.status) && text.first { !$0.isWhitespace } == "{"
      let start = mayBeGood ? "" : Self.firstLine(text)
      detail = "HTTP \(response.status), not an answer of this service" + (start.isEmpty ? "" : ": \(start)")
    }
    retryAfter = Self.retryAfter(response.headers)
    withhold(request, credentials)
  }

  /// Removes what this program has sent from the words of the response.
  mutating func withhold(_ request: AWSRequest, _ credentials: AWSCredentials?) {
    guard !detail.isEmpty || !code.isEmpty else { return }
    let redaction = Redaction(request, credentials: credentials)
    detail = redaction.clean(detail)
    code = redaction.clean(code)
  }

  private struct Body {
    var type: String?
    var text: String?

    // A query service answers `<ErrorResponse><Error><Code>`.
    init?(_ bytes: [UInt8], _ wireProtocol: Service.WireProtocol) {
      if case .query = wireProtocol {
        guard let error = XMLElement(bytes)?["Error"] else { return nil }
        type = error["Code"]?.text
        text = error["Message"]?.text
      } else {
        guard let json = JSON(parsing: bytes) else { return nil }
        type = json.string("__type") ?? json.string("code")
        text = json.string("message") ?? json.string("Message")
      }
    }
  }

  // What follows a refused signature's first line is the request as the service saw it, with the session token in it.
  private static func firstLine(_ text: String) -> String {
    String(text.prefix { !$0.isNewline }.prefix(400))
  }

  // `com.amazonaws.logs#ThrottlingException:http://…` is ThrottlingException.
  private static func bare(_ code: String) -> String {
    let name = code.split(separator: "#", omittingEmptySubsequences: false).last ?? ""
    return String(name.prefix { $0 != ":" }.prefix(100))
  }

  private static func kind(code: String, detail: String, status: Int, wireProtocol: Service.WireProtocol) -> Kind {
    switch code {
    case "ExpiredTokenException", "ExpiredToken": return .expired
    case "UnrecognizedClientException", "InvalidClientTokenId", "IncompleteSignatureException", "IncompleteSignature",
      "MissingAuthenticationTokenException", "MissingAuthenticationToken":
      return .badCredentials
    case "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure":
      return detail.hasPrefix("Signature expired") || detail.hasPrefix("Signature not yet current")
        ? .clockSkew : .badCredentials
    case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture": return .clockSkew
    case "AccessDeniedException", "AccessDenied", "UnauthorizedOperation": return .accessDenied
    case "RequestEntityTooLarge", "RequestEntityTooLargeException", "RequestTooLarge": return .tooLarge
    default: break
    }
    if throttlingCodes.contains(code) || status == 429 { return .throttled }
    if transientCodes.contains(code) || status >= 500 || status == 408 { return .transient }
    if status == 413 { return .tooLarge }
    // A REST service may refuse by the status alone.
    if wireProtocol == .rest, (400..<500).contains(status) { return status == 401 || status == 403 ? .accessDenied : .refused }
    // No code: not from the service.
    return code.isEmpty ? .network(.broken) : .refused
  }

  // AWS SDKs and Tools Reference Guide, "Retry behavior". LimitExceededException is in the SDKs' list too, but from
  // CreateLogGroup it means a limit of the account, which no waiting mends.
  private static let throttlingCodes: Set = [
    "BandwidthLimitExceeded", "EC2ThrottledException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
    "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling", "ThrottlingException",
    "TooManyRequestsException", "TransactionInProgressException",
  ]
  private static let transientCodes: Set = [
    "InternalError", "InternalFailure", "InternalServerException", "InternalServiceError", "InternalServiceFault",
    "OperationAbortedException", "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable",
    "ServiceUnavailableException",
  ]

  private static func retryAfter(_ headers: [String: String]) -> Int64? {
    if let milliseconds = headers["x-amz-retry-after"].flatMap({ Int64($0) }) { return max(milliseconds, 0) }
    guard let seconds = headers["retry-after"].flatMap({ Int64($0) }), (0...86400).contains(seconds) else { return nil }
    return seconds * 1000
  }
}
