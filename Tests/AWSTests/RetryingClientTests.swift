import Testing
import TestSupport
import Unix
@testable import AWS

@Suite struct RetryingClientTests {
  private let service = Service(hostPrefix: "sts", signingName: "sts", wireProtocol: .query(version: "1"), endpointIdentifier: "STS")

  /// A line's end in one would begin another, whoever the value comes from.
  @Test(arguments: ["a\r\nX-Forged: 1", "a\n", "a\0b", "a\u{7F}"]) func aHeaderIsNotForged(_ value: String) throws {
    // Nobody is asked: there is nobody at this address.
    let options = ClientOptions(
      region: "eu-west-1", endpointURL: { _ in "http://127.0.0.1:1" }, retryPolicy: RetryPolicy(maximumAttempts: 1, repeatsUncertain: true),
      userAgent: "test")
    let client = try RetryingClient(options, fixed: AWSCredentials(accessKeyId: "A", secretAccessKey: "s", sessionToken: value))
    let signed = thrown(AWSError.self) { _ = try client.send(AWSRequest(service: service, operation: "X", body: ByteBuffer())) }
    #expect(signed?.kind == .network(.invalid))
    #expect(signed?.message == "X is not sent: the header field X-Amz-Security-Token would have a control character in it")

    var request = AWSRequest(service: service, operation: "X", body: ByteBuffer())
    request.authentication = .none
    request.headers = [(name: "x-amz-sso_bearer_token", value: value)]
    #expect(thrown(AWSError.self) { _ = try client.send(request) }?.kind == .network(.invalid))
  }
}
