@testable import AWS
import TestSupport
import Testing
import Unix

@testable import CredsCommand

/// A client that never blocks: the server works in the same thread.
private final class RetryingClient {
  let descriptor: Int32
  private(set) var received: [UInt8] = []
  private(set) var isClosed = false

  init(_ port: UInt16) throws {
    let connection = try #require(connect(to: port))
    descriptor = connection
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  deinit { close(descriptor) }

  /// As much as the kernel takes.
  @discardableResult
  func send(_ text: String) -> Int { Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } }

  func receive() {
    let buffer = ByteBuffer()
    while !isClosed {
      switch try? Descriptor.read(descriptor, into: buffer.reserve(4096), count: 4096) {
      case .bytes(let count):
        buffer.advance(count)
        received += buffer.array
        buffer.removeAll()
      case .wouldBlock: return
      case .end, nil: isClosed = true
      }
    }
  }

  var text: String { String(decoding: received, as: UTF8.self) }
  var statuses: [String] { text.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) } }
}

private func connect(to port: UInt16) -> Int32? {
  #if canImport(Glibc)
    let stream = Int32(SOCK_STREAM.rawValue)
  #else
    let stream = SOCK_STREAM
  #endif
  let descriptor = socket(AF_INET, stream, 0)
  var address = sockaddr_in()
  #if canImport(Darwin)
    address.sin_len = UInt8(MemoryLayout<sockaddr_in>.size)
  #endif
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isConnected = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Unix.connect(descriptor, $0, size) == 0 }
  }
  return isConnected ? descriptor : nil
}

/// A source that answers as it is told, each time when it is told; read and changed only while the server does not ask.
private final class Source {
  var answer: Result<AWSCredentials, CredentialsError> = .success(AWSCredentials(accessKeyId: "A", secretAccessKey: "s"))
  private(set) var calls = 0
  private var ends: [Int32] = [-1, -1]

  /// - Parameter waits: each call goes on only after `goOn`.
  init(waits: Bool = false) { if waits { pipe(&ends) } }

  deinit { for end in ends where end >= 0 { close(end) } }

  func goOn() { _ = write(ends[1], "x", 1) }

  func ask() throws -> AWSCredentials {
    calls += 1
    var byte: UInt8 = 0
    if ends[0] >= 0 { _ = read(ends[0], &byte, 1) }
    return try answer.get()
  }
}

private final class WallClock {
  var value: Int64 = 1_000_000
}

private final class Machine {
  let clock = WallClock()
  let provider: Source
  let server: CredentialServer
  let port: UInt16
  let token: AccessToken
  var failures: [String] = []
  private var clients: [RetryingClient] = []

  init(_ provider: Source = Source(), _ change: (inout CredentialServer.Limits) -> Void = { _ in }) throws {
    signal(SIGPIPE, SIG_IGN)
    self.provider = provider
    token = AccessToken(Array(5..<37))
    var limits = CredentialServer.Limits()
    change(&limits)
    let listener = try LoopbackListener(port: 0)
    port = listener.port
    let clock = clock
    server = CredentialServer(listener, token: token, broker: CredentialBroker(provider.ask), limits: limits, wallClock: { clock.value })
    server.onFailure = { [unowned self] in failures.append($0) }
  }

  func client() throws -> RetryingClient {
    let client = try RetryingClient(port)
    clients.append(client)
    return client
  }

  func request(_ method: String = "GET", _ more: String = "") -> String {
    "\(method) /credentials HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: \(token.text)\r\n\(more)\r\n"
  }

  /// Lets the server work until something is so.
  func until(_ what: String, _ condition: () -> Bool) {
    let deadline = Clock.monotonicNanoseconds() + 20_000_000_000
    while true {
      for client in clients { client.receive() }
      if condition() { return }
      guard Clock.monotonicNanoseconds() < deadline else {
        Issue.record("not in time: \(what); \(clients.map(\.text))")
        return
      }
      var others = clients.map { pollfd(fd: $0.isClosed ? -1 : $0.descriptor, events: Int16(POLLIN), revents: 0) }
      server.wait(&others, milliseconds: 100)
    }
  }

  /// Asks anew, and waits for the answer.
  @discardableResult
  func expectsAnswer(_ status: String) throws -> RetryingClient {
    let client = try client()
    client.send(request())
    answers(client, [status])
    return client
  }

  func answers(_ client: RetryingClient, _ statuses: [String]) {
    until("\(statuses)") { client.statuses.count >= statuses.count }
    #expect(client.statuses == statuses)
  }
}

@Suite struct CredentialServerTests {
  private let refused = "GET /credentials HTTP/1.1\r\nHost: localhost\r\n\r\n"

  @Test func givesCredentialsToWhoKnowsTheToken() throws {
    let machine = try Machine()
    let client = try machine.client()
    client.send(machine.request())
    machine.answers(client, ["200"])
    #expect(client.text.hasSuffix(#"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"","Expiration":"1970-01-01T01:16:40Z"}"#))
    let other = try machine.client()
    other.send(refused)
    machine.answers(other, ["401"])
    #expect(machine.provider.calls == 1)
  }

  @Test func aConnectionIsForOneRequest() throws {
    let machine = try Machine()
    for (request, status) in [(machine.request("HEAD"), "200"), (refused, "401"), (machine.request("GET"), "200")] {
      let client = try machine.client()
      client.send(request + machine.request())
      machine.until("the end") { client.isClosed }
      #expect(client.statuses == [status])
      #expect(client.text.contains("\r\nConnection: close\r\n"))
      #expect(client.text.contains("{") == !request.hasPrefix("HEAD"))
    }
  }

  @Test func readsARequestInAnyPieces() throws {
    let machine = try Machine()
    let client = try machine.client()
    for byte in machine.request() {
      client.send(String(byte))
      var others: [pollfd] = []
      machine.server.wait(&others, milliseconds: 10)
    }
    machine.answers(client, ["200"])
  }

  @Test func whileTheSourceIsAskedOthersAreServedAndAllGetItsOneAnswer() throws {
    let machine = try Machine(Source(waits: true))
    let waiting = try (0..<3).map { _ in try machine.client() }
    for client in waiting { client.send(machine.request()) }
    let other = try machine.client()
    other.send(refused)
    machine.answers(other, ["401"])
    #expect(machine.server.isAsking)
    #expect(waiting.allSatisfy { $0.received.isEmpty })
    machine.provider.goOn()
    for client in waiting { machine.answers(client, ["200"]) }
    #expect(machine.provider.calls == 1)
  }

  @Test func saysWhyThereAreNone() throws {
    let machine = try Machine()
    machine.provider.answer = .failure(CredentialsError("the password is wrong"))
    for _ in 1...2 {
      let client = try machine.expectsAnswer("503")
      #expect(client.text.hasSuffix(#"{"code":"CredentialsUnavailable","message":"the password is wrong"}"#))
    }
    #expect(machine.failures == ["the password is wrong"], "each reason is told once")
    machine.provider.answer = .success(AWSCredentials(accessKeyId: "A", secretAccessKey: "s"))
    try machine.expectsAnswer("200")
  }

  @Test func givesOutWhatIsStillGoodWhenTheRenewalFailsAndNothingThatIsNot() throws {
    let machine = try Machine()
    machine.provider.answer = .success(AWSCredentials(accessKeyId: "A", secretAccessKey: "s", expiration: 1_000_001))
    try machine.expectsAnswer("200")
    machine.provider.answer = .failure(CredentialsError("no network"))
    try machine.expectsAnswer("200")
    #expect(machine.failures == ["no network"])
    machine.clock.value += 1
    try machine.expectsAnswer("503")
  }

  @Test func givesOutNeitherExpiredNorEmptyOnes() throws {
    let machine = try Machine()
    let bad = [
      AWSCredentials(accessKeyId: "A", secretAccessKey: "s", expiration: 999_999), AWSCredentials(accessKeyId: "", secretAccessKey: ""),
    ]
    for credentials in bad {
      machine.provider.answer = .success(credentials)
      let client = try machine.expectsAnswer("503")
      #expect(!client.text.contains("AccessKeyId"))
    }
  }

  @Test func aSlowRenewalIsNotWaitedForLongerThanClientsDo() throws {
    let machine = try Machine(Source(waits: true)) { $0.patience = 20_000_000 }
    machine.provider.answer = .success(AWSCredentials(accessKeyId: "A", secretAccessKey: "s", expiration: 2_000_000))
    machine.provider.goOn()
    try machine.expectsAnswer("200")
    try machine.expectsAnswer("200")
    #expect(machine.server.isAsking)
    machine.provider.goOn()
    machine.until("the end of the renewal") { !machine.server.isAsking }
    #expect(machine.provider.calls == 2)
  }

  @Test func whoIsSlowIsClosed() throws {
    let machine = try Machine { $0.request = 50_000_000 }
    let silent = try machine.client()
    let slow = try machine.client()
    slow.send("GET /cred")
    machine.until("the end") { silent.isClosed && slow.isClosed }
    #expect(slow.received.isEmpty)
  }

  @Test func aLargeRequestIsRefusedAndItsAnswerArrives() throws {
    let machine = try Machine()
    let client = try machine.client()
    client.send(String(repeating: "G", count: 30_000))
    machine.answers(client, ["431"])
    machine.until("the end") { client.isClosed }
  }

  @Test func aHugeRequestEnds() throws {
    let machine = try Machine()
    let client = try machine.client()
    client.send(String(repeating: "G", count: 10 << 20))
    machine.until("the end") { client.isClosed }
  }

  /// Whoever can reach the port, with whatever they send, keeps nobody out who knows the token: no time has to pass.
  @Test(arguments: ["", "GET /cred", "GET /credentials HTTP/1.1\r\nHost: localhost\r\n\r\n", "x"])
  func strangersCannotHoldAllPlaces(_ text: String) throws {
    let machine = try Machine {
      $0.connections = 3
      $0.request = .max / 2
    }
    for _ in 0..<20 {
      for _ in 0..<9 { try machine.client().send(text) }
      try machine.expectsAnswer("200")
    }
  }

  @Test func whoHasShownTheTokenIsNotPushedOut() throws {
    let machine = try Machine(Source(waits: true)) { $0.connections = 3 }
    let owner = try machine.client()
    owner.send(machine.request())
    machine.until("the source is asked") { machine.server.isAsking }
    let strangers = try (0..<9).map { _ in try machine.client() }
    machine.until("strangers are pushed out") { strangers.count { $0.isClosed } >= 7 }
    machine.provider.goOn()
    machine.answers(owner, ["200"])
  }

  @Test func moreClientsThanPlacesAreServedOneAfterAnother() throws {
    let machine = try Machine { $0.connections = 4 }
    let clients = try (0..<40).map { _ in try machine.client() }
    for client in clients { client.send(machine.request("GET", "Connection: close\r\n")) }
    machine.until("all answers") { clients.allSatisfy { $0.statuses == ["200"] } }
  }

  @Test func aPortThatIsTakenIsAnError() throws {
    let listener = try LoopbackListener(port: 0)
    #expect(thrown(SystemError.self) { _ = try LoopbackListener(port: listener.port) }?.code == EADDRINUSE)
  }
}
