internal import AWS
internal import Unix

/// The one loop of `serve`: a small HTTP server for clients with the token, in front of a provider that may be slow.
///
/// While the provider is asked on a thread of its own, everything else goes on; all waiting clients then get the result.
final class CredentialServer {
  struct Limits {
    /// How many clients are served at once. Any program that reaches the port may try to use all connections: the oldest client that has
    /// not shown the token makes room, and fewer than this many connect between the connection of a client and its request.
    /// Each has a descriptor, and the provider needs some too.
    var connections = min(512, max((DescriptorLimit.current() ?? 256) - 64, 16))
    /// How many new connections are accepted before the others are served.
    var arrivals = 64
    /// How long a client may take for its request, or to read the response, in nanoseconds.
    var request: Int64 = 10_000_000_000
    /// How long clients wait for new credentials while the last are still valid, in nanoseconds. SDKs give up after two seconds.
    var patience: Int64 = 1_000_000_000
  }

  /// Called with the reason why there are no credentials, once for each reason.
  var onFailure: (String) -> Void = { _ in }
  /// Called with the status of each response.
  var onAnswer: (Int) -> Void = { _ in }

  private let listener: LoopbackListener
  private let token: AccessToken
  private let broker: CredentialBroker
  private let limits: Limits
  private let wallClock: () -> Int64
  private var connections: [Connection] = []
  private var asked: Int64 = 0
  private var lastFailure: String?
  // No connection is accepted before this time, in monotonic nanoseconds: the system had no descriptor for it.
  private var acceptsFrom: Int64 = 0
  private static let pauseOfTrouble: Int64 = 100_000_000

  /// - Parameter wallClock: milliseconds since the epoch by the service's clock.
  init(
    _ listener: LoopbackListener, token: AccessToken, broker: CredentialBroker, limits: Limits = Limits(),
    wallClock: @escaping () -> Int64 = Clock.realtimeMilliseconds
  ) {
    self.listener = listener
    self.token = token
    self.broker = broker
    self.limits = limits
    self.wallClock = wallClock
  }

  /// Whether the provider is being asked.
  var isAsking: Bool { broker.descriptor != nil }

  /// Waits until one of `others` or the server has something to do, and does the server's part.
  func wait(_ others: inout [pollfd], milliseconds: Int) {
    let now = Clock.monotonicNanoseconds()
    var descriptors = others
    func add(_ descriptor: Int32, _ events: Int16) { descriptors.append(pollfd(fd: descriptor, events: events, revents: 0)) }
    // poll(2) ignores negative descriptors.
    add(accepts(now) ? listener.descriptor : -1, Int16(POLLIN))
    add(broker.descriptor ?? -1, Int16(POLLIN))
    for connection in connections { add(connection.descriptor, connection.events) }
    guard poll(&descriptors, nfds_t(descriptors.count), pause(now, milliseconds)) >= 0 else {
      for index in others.indices { others[index].revents = 0 }
      return
    }
    for index in others.indices { others[index].revents = descriptors[index].revents }
    work(descriptors[others.count...].map(\.revents), now: Clock.monotonicNanoseconds())
  }

  private func work(_ revents: [Int16], now: Int64) {
    if revents[1] != 0 { takeCredentials(now) }
    for (connection, revents) in zip(connections, revents[2...]) where revents != 0 { serve(connection, now) }
    connections.removeAll { $0.phase == .closed }
    if revents[0] != 0 { takeConnections(now) }
    for connection in connections { connection.expire(now: now) }
    if isAsking, now - asked >= limits.patience, let credentials = broker.stillGood(now: wallClock()) {
      answerAll(ServerResponse(credentials, now: wallClock()), now)
    }
    connections.removeAll { $0.phase == .closed }
  }

  private func pause(_ now: Int64, _ milliseconds: Int) -> Int32 {
    var due = connections.compactMap(\.deadline)
    if acceptsFrom > now { due.append(acceptsFrom) }
    let isPatient = isAsking && connections.contains { $0.phase == .waiting } && broker.stillGood(now: wallClock()) != nil
    if isPatient { due.append(asked + limits.patience) }
    let next = due.min().map { Int(max($0 - now, 0) / 1_000_000) + 1 }
    return Int32(clamping: min(next ?? milliseconds, milliseconds))
  }

  // MARK: - connections

  private func accepts(_ now: Int64) -> Bool {
    now >= acceptsFrom && (connections.count < limits.connections || connections.contains { !$0.isTrusted })
  }

  private func takeConnections(_ now: Int64) {
    for _ in 0..<limits.arrivals where accepts(now) {
      switch listener.next() {
      case .connection(let descriptor):
        if connections.count >= limits.connections { makeRoom() }
        let connection = Connection(descriptor, limit: limits.request, now: now)
        // Most clients have sent their request by now.
        serve(connection, now)
        if connection.phase != .closed { connections.append(connection) }
      case .none: return
      // The system allows fewer descriptors than the limit here.
      case .trouble where makeRoom(): break
      case .trouble:
        acceptsFrom = now + Self.pauseOfTrouble
        return
      }
    }
  }

  /// Closes the oldest connection that has not shown the token; false: there is none.
  @discardableResult
  private func makeRoom() -> Bool {
    guard let oldest = connections.firstIndex(where: { !$0.isTrusted }) else { return false }
    connections.remove(at: oldest)
    return true
  }

  private func serve(_ connection: Connection, _ now: Int64) {
    switch connection.advance() {
    case .refused(let refusal): answer(connection, ServerResponse(refusal), now)
    case .request(let request):
      if let refusal = ServerResponse.refusal(of: request, token) { answer(connection, refusal, now) } else { ask(for: connection, now) }
    case .incomplete, nil: break
    }
  }

  private func answer(_ connection: Connection, _ answer: ServerResponse, _ now: Int64) {
    onAnswer(answer.status)
    connection.answer(answer, now: now)
  }

  // MARK: - credentials

  private func ask(for connection: Connection, _ now: Int64) {
    if !isAsking { asked = now }
    do {
      try broker.ask()
      connection.wait()
    } catch {
      answer(connection, ServerResponse(error), now)
    }
  }

  private func takeCredentials(_ now: Int64) {
    let wallClock = wallClock()
    switch broker.take(now: wallClock) {
    case nil: break
    case .success(let credentials):
      lastFailure = nil
      answerAll(ServerResponse(credentials, now: wallClock), now)
    case .failure(let error):
      report(error)
      answerAll(broker.stillGood(now: wallClock).map { ServerResponse($0, now: wallClock) } ?? ServerResponse(error), now)
    }
  }

  private func answerAll(_ answer: ServerResponse, _ now: Int64) {
    for connection in connections where connection.phase == .waiting {
      self.answer(connection, answer, now)
    }
  }

  private func report(_ error: any Error) {
    let text = (error as? any Failure)?.message ?? "\(error)"
    if text != lastFailure { onFailure(text) }
    lastFailure = text
  }
}
