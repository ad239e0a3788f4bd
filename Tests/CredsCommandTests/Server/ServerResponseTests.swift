@testable import AWS
import TestSupport
import Testing
import Unix

@testable import CredsCommand

@Suite struct ServerResponseTests {
  private static func request(
    _ method: String = "GET", _ target: String = "/credentials", host: String? = "127.0.0.1:80", token: String? = nil, origin: Bool = false
  ) -> ServerRequest {
    ServerRequest(method: method, target: target, host: host, authorization: token ?? Self.token.text, hasOrigin: origin)
  }

  private static let token = AccessToken(Array(1..<33))

  private static let table: [(ServerRequest, Int?)] = [
    (request(), nil), (request("HEAD"), nil), (request(host: nil), nil), (request(host: "localhost"), nil),
    (request(token: ""), 401), (request(token: "wrong"), 401), (request(token: token.text + "x"), 401),
    (request(token: "Bearer \(token.text)"), 401),
    (request(token: token.text.lowercased()), 401), (request("GET", "/", token: "wrong"), 401), (request("POST", "/", token: "wrong"), 401),
    (request("GET", "/"), 404), (request("GET", "/credentials/"), 404), (request("GET", "/credentials?x"), 404),
    (request("GET", "/%63redentials"), 404),
    (request("GET", "//credentials"), 404), (request("GET", "http://127.0.0.1/credentials"), 404), (request("POST", "/x"), 404),
    (request("POST"), 405), (request("get"), 405), (request("OPTIONS"), 405), (request("TRACE"), 405),
    (request(host: "evil.example"), 403), (request(host: "evil.example", token: "wrong"), 403), (request(host: ""), 403),
    (request(origin: true), 403),
  ]

  @Test(arguments: table)
  func refusals(_ request: ServerRequest, _ status: Int?) {
    #expect(ServerResponse.refusal(of: request, Self.token)?.status == status)
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.0.0.1:1", true), ("localhost:65535", true), ("LocalHost", true), ("[::1]:80", true), ("[::1]", true),
    ("127.0.0.1.evil.example", false), ("127.0.0.1:", false), ("127.0.0.1:80x", false), ("127.0.0.1:123456", false),
    ("127.0.0.1:80:80", false),
    ("localhost.", false), ("localhost.evil.example", false), ("evil@127.0.0.1", false), ("127.0.0.10", false), ("127.0.0.2", false),
    ("0.0.0.0", false),
    ("::1", false), ("", false), ("2130706433", false),
  ])
  func loopback(_ host: String, _ isLoopback: Bool) { #expect(ServerResponse.isLoopback(host) == isLoopback) }

  @Test func credentials() {
    let temporary = AWSCredentials(
      accessKeyId: "A", secretAccessKey: "b/\"", sessionToken: "t", expiration: 1_767_582_245_999, accountId: "1")
    #expect(
      ServerResponse(temporary, now: 0).body.text
        == #"{"AccessKeyId":"A","SecretAccessKey":"b/\"","Token":"t","Expiration":"2026-01-05T03:04:05Z","AccountId":"1"}"#)
    // SDKs want all four, whatever there is.
    #expect(
      ServerResponse(AWSCredentials(accessKeyId: "A", secretAccessKey: "b"), now: 1_767_582_245_000).body.text
        == #"{"AccessKeyId":"A","SecretAccessKey":"b","Token":"","Expiration":"2026-01-05T04:04:05Z"}"#)
  }

  @Test func failures() {
    struct Strange: Error { let secret = "canary" }
    #expect(
      ServerResponse(CommandError(.noPermission, "no \u{1b}[2J")).body.text
        == #"{"code":"CredentialsUnavailable","message":"no \\u{1B}[2J"}"#)
    #expect(ServerResponse(Strange()).body.text == #"{"code":"CredentialsUnavailable","message":"no credentials"}"#)
    #expect(ServerResponse(Strange()).status == 503)
  }

  @Test func wholeAnswers() {
    let buffer = ByteBuffer()
    ServerResponse(.tooLarge).append(to: buffer, isToHead: true)
    #expect(
      buffer.text == """
        HTTP/1.1 431 Request Header Fields Too Large\r
        Content-Type: application/json\r
        Content-Length: 81\r
        Cache-Control: no-store\r
        Connection: close\r
        \r

        """)
    buffer.removeAll()
    ServerResponse.refusal(of: Self.request("PUT"), Self.token)?.append(to: buffer, isToHead: false)
    #expect(buffer.text.contains("\r\nAllow: GET, HEAD\r\nConnection: close\r\n\r\n{\"code\":\"MethodNotAllowed\","))
  }
}
