import TestSupport
import Testing

@testable import CredsCommand

@Suite struct ServerRequestTests {
  private func parse(_ text: String) -> ServerRequest.Verdict { Array(text.utf8).withUnsafeBytes(ServerRequest.parse) }

  private static let plain = ServerRequest(method: "GET", target: "/credentials", host: "h")

  private static func request(_ change: (inout ServerRequest) -> Void) -> ServerRequest {
    var request = plain
    change(&request)
    return request
  }

  private static let good: [(String, ServerRequest)] = [
    ("GET /credentials HTTP/1.1\r\nHost: h\r\n\r\n", plain),
    ("GET /credentials HTTP/1.1\r\nhOST:h \t\r\nX-Empty:\r\nX-Latin: \u{e4}\tb\r\n\r\n", plain),
    ("GET /credentials HTTP/1.1\r\nHost: h\r\nAuthorization:  Bearer a b \r\n\r\n", request { $0.authorization = "Bearer a b" }),
    ("HEAD /x?y#z HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", request { ($0.method, $0.target) = ("HEAD", "/x?y#z") }),
    ("GET http://evil/credentials HTTP/1.1\r\nHost: h\r\n\r\n", request { $0.target = "http://evil/credentials" }),
    ("GET /%63redentials/..%00 HTTP/1.1\r\nHost: h\r\n\r\n", request { $0.target = "/%63redentials/..%00" }),
    ("OPTIONS * HTTP/1.1\r\nHost: h\r\nOrigin: null\r\n\r\n", request { ($0.method, $0.target, $0.hasOrigin) = ("OPTIONS", "*", true) }),
    ("GET /credentials HTTP/1.0\r\n\r\n", request { $0.host = nil }),
    ("GET /credentials HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n", plain),
    ("GET /credentials HTTP/1.1\r\nHost: h\r\nConnection: a, Close\r\n\r\n", plain),
    ("GET /credentials HTTP/1.1\r\nConnection: x\r\nHost: h\r\nConnection: close\r\n\r\n", plain),
    ("GET /credentials HTTP/1.1\r\nHost: h\r\nConnection: closed\r\n\r\n", plain),
    ("GET /credentials HTTP/1.1\r\nHost:\r\n\r\n", request { $0.host = "" }),
  ]

  @Test(arguments: good)
  func reads(_ text: String, _ request: ServerRequest) {
    #expect(parse(text) == .request(request))
    #expect(parse(text + "GET /next") == .request(request), "what is behind it does not matter")
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count { #expect(bytes[..<count].withUnsafeBytes(ServerRequest.parse) == .incomplete, "after \(count) bytes") }
  }

  @Test(arguments: [
    // Lines that others end elsewhere.
    "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n\n", "\r\n", "\n", "GET / HTTP/1.1\rX",
    "GET / HTTP/1.1\r\nA: b\rHost: h\r\n\r\n",
    // No request line.
    "GET /\r\n", "GET  / HTTP/1.1\r\n", "GET / HTTP/1.1 \r\n", " GET / HTTP/1.1\r\n", "GET / x HTTP/1.1\r\n", "GET\t/\tHTTP/1.1\r\n",
    "/ HTTP/1.1\r\n",
    "G(T / HTTP/1.1\r\n", "GET /\u{e4} HTTP/1.1\r\n", "GET / http/1.1\r\n", "GET / FTP/1.1\r\n",
    // Control bytes, and TLS.
    "GET /\0 HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: h\0\r\n", "\u{16}\u{3}\u{1}", "GET / HTTP/1.1\r\nA: \u{1b}[2J\r\n", "\u{7f}",
    // No field.
    "GET / HTTP/1.1\r\nHost : h\r\n", "GET / HTTP/1.1\r\nHost\r\n", "GET / HTTP/1.1\r\n: h\r\n", "GET / HTTP/1.1\r\nA: b\r\n folded\r\n",
    "GET / HTTP/1.1\r\n\tA: b\r\n", "GET / HTTP/1.1\r\nA B: c\r\n",
    // Twice what can be there once.
    "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n", "GET / HTTP/1.1\r\nAuthorization: a\r\nauthorization: b\r\n",
    "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n",
    // A body, or none that everybody agrees on; no host.
    "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0, 0\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\n\r\n",
  ])
  func refuses(_ text: String) {
    #expect(parse(text) == .refused(.malformed))
    #expect(parse(text + "\r\n\r\n") == .refused(.malformed), "more does not make it better")
  }

  @Test(arguments: ["HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/1.10", "HTTP/11"])
  func knowsTwoVersions(_ version: String) { #expect(parse("GET / \(version)\r\nHost: h\r\n\r\n") == .refused(.version)) }

  @Test func aHeadHasABound() {
    let start = "GET / HTTP/1.1\r\nHost: h\r\nX: "
    let room = ServerRequest.maximumLength - start.utf8.count - 4
    let fits = start + String(repeating: "x", count: room) + "\r\n\r\n"
    guard case .request = parse(fits) else {
      Issue.record("a head of exactly the limit is refused")
      return
    }
    #expect(parse(start + String(repeating: "x", count: room + 1) + "\r\n\r\n") == .refused(.tooLarge))
    #expect(parse(String(repeating: "G", count: 10 << 20)) == .refused(.tooLarge))
    #expect(parse("GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 10_000)) == .refused(.tooLarge))
    #expect(parse("GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 1000) + "\r\n") == .refused(.malformed), "no host")
  }

  @Test func neverCrashes() {
    var random = SeededGenerator(4)
    for _ in 0..<2000 {
      let bytes = random.bytes(count: random.pick(0...200))
      _ = bytes.withUnsafeBytes(ServerRequest.parse)
    }
  }
}
