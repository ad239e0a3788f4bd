import Testing
import Unix
@testable import AWS

@Suite struct AWSErrorTests {
  private func decode(
    _ status: Int, _ body: String, _ headers: [String: String] = [:],
    _ wireProtocol: Service.WireProtocol = .json(version: "1.1", target: "")
  ) -> AWSError {
    let service = Service(hostPrefix: "logs", signingName: "logs", wireProtocol: wireProtocol, endpointIdentifier: "")
    return AWSError(
      HTTPResponse(status: status, headers: headers, body: Array(body.utf8)),
      to: AWSRequest(service: service, operation: "PutLogEvents", body: ByteBuffer()), host: "host")
  }

  @Test(arguments: [
    (400, #"{"__type":"ThrottlingException","message":"Rate exceeded"}"#, "ThrottlingException", AWSError.Kind.throttled),
    (400, #"{"__type":"com.amazonaws.logs#ResourceNotFoundException","message":"x"}"#, "ResourceNotFoundException", .refused),
    (400, #"{"__type":"ExpiredTokenException:http://internal.amazon.com/x"}"#, "ExpiredTokenException", .expired),
    (400, #"{"__type":"AccessDeniedException","Message":"no"}"#, "AccessDeniedException", .accessDenied),
    (403, #"{"code":"AccessDenied"}"#, "AccessDenied", .accessDenied),
    (400, #"{"__type":"UnrecognizedClientException"}"#, "UnrecognizedClientException", .badCredentials),
    (
      400, #"{"__type":"InvalidSignatureException","message":"Signature expired: 1 is now earlier than 2"}"#, "InvalidSignatureException",
      .clockSkew
    ),
    (400, #"{"__type":"InvalidSignatureException","message":"Signature not yet current: 1"}"#, "InvalidSignatureException", .clockSkew),
    (
      400, #"{"__type":"InvalidSignatureException","message":"The request signature we calculated"}"#, "InvalidSignatureException",
      .badCredentials
    ),
    (400, #"{"__type":"InvalidParameterException","message":"x"}"#, "InvalidParameterException", .refused),
    (500, #"{"__type":"InternalFailure","message":null}"#, "InternalFailure", .transient),
    (503, #"{"__type":"ServiceUnavailableException"}"#, "ServiceUnavailableException", .transient),
    (503, "", "", .transient),
    (429, "", "", .throttled),
    (413, "<html>too large</html>", "", .tooLarge),
    (200, "<html>please log in</html>", "", .network(.broken)),
    (302, "", "", .network(.broken)),
    (200, #"{"nextSequ"#, "", .network(.broken)),
  ])
  func kinds(_ status: Int, _ body: String, _ code: String, _ kind: AWSError.Kind) {
    let error = decode(status, body)
    #expect(error.code == code)
    #expect(error.kind == kind)
  }

  @Test(arguments: [
    (
      403, "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>m</Message></Error></ErrorResponse>", "AccessDenied",
      AWSError.Kind.accessDenied
    ),
    (400, "<ErrorResponse xmlns='u'><Error><Code>ExpiredToken</Code></Error></ErrorResponse>", "ExpiredToken", .expired),
    (400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>", "Throttling", .throttled),
    (400, "<html>", "", .network(.broken)), (502, "<html/>", "", .transient),
  ])
  func kindsOfQueryServices(_ status: Int, _ body: String, _ code: String, _ kind: AWSError.Kind) {
    let error = decode(status, body, [:], .query(version: "1"))
    #expect(error.code == code && error.kind == kind)
  }

  @Test(arguments: [
    (403, #"{"message":"Access Denied"}"#, AWSError.Kind.accessDenied), (403, "<html>", .accessDenied), (401, "", .accessDenied),
    (404, #"{"message":"Not Found"}"#, .refused), (429, "", .throttled), (500, "", .transient), (302, "", .network(.broken)),
  ])
  func kindsOfPathsAndVerbs(_ status: Int, _ body: String, _ kind: AWSError.Kind) {
    #expect(decode(status, body, [:], .rest).kind == kind)
  }

  /// A proxy may have taken the request's id out of a good answer, which begins with a key or a token.
  @Test(arguments: [#"{"Credentials":{"SecretKey":"canary"}}"#, " \r\n{\"AuthenticationResult\":{\"IdToken\":\"canary"])
  func anAnswerThatMayBeOneIsNotRepeated(_ body: String) {
    #expect(decode(200, body).detail == "HTTP 200, not an answer of this service")
    #expect(decode(200, body, [:], .rest).detail == "HTTP 200, not an answer of this service")
  }

  @Test func theHeadersNameTheCodeToo() {
    #expect(decode(400, "{}", ["x-amzn-errortype": "ThrottlingException:http://x"]).kind == .throttled)
    let query = decode(400, #"{"__type":"InvalidParameterValueException"}"#, ["x-amzn-query-error": "InvalidParameterValue;Sender"])
    #expect(query.code == "InvalidParameterValue")
  }

  @Test(arguments: [("x-amz-retry-after", "1500", 1500), ("retry-after", "3", 3000)])
  func retryAfter(_ header: String, _ value: String, _ milliseconds: Int64) {
    #expect(decode(503, "", [header: value]).retryAfter == milliseconds)
  }

  @Test(arguments: ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "x", ""])
  func otherRetryAfterIsLeftAlone(_ value: String) {
    #expect(decode(503, "", ["retry-after": value]).retryAfter == nil)
  }

  @Test(arguments: [
    (AWSError.Kind.network(.connect), Unix.ExitStatus.unavailable), (.transient, .unavailable), (.throttled, .tryAgain),
    (.accessDenied, .noPermission), (.badCredentials, .noPermission), (.clockSkew, .noPermission), (.refused, .dataRefused),
  ])
  func exitStatus(_ kind: AWSError.Kind, _ status: Unix.ExitStatus) {
    #expect(AWSError(kind: kind, code: "", detail: "", host: "", operation: "").status == status)
  }

  @Test func whatTheServiceSawOfTheRequestIsNotShown() {
    let body =
      #"{"__type":"InvalidSignatureException","message":"It does not match.\n\nThe Canonical String\nx-amz-security-token:canary"}"#
    #expect(decode(400, body).detail == "It does not match.")
    #expect(!decode(403, "<html>\ncanary").message.contains("canary"))
  }

  @Test func messagesAreOneLine() {
    #expect(
      decode(400, #"{"__type":"AccessDeniedException","message":"not you"}"#).message
        == "PutLogEvents not allowed: AccessDeniedException: not you; the IAM policy needs this action")
    #expect(decode(502, "<html>").message == "PutLogEvents failed: HTTP 502, not an answer of this service: <html>")
  }
}
