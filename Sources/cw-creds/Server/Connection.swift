internal import Unix

/// One connection, with one request and one response.
final class Connection {
  enum Phase: Equatable {
    /// It reads the head of the request.
    case reading
    /// It waits for credentials: the client has shown the token.
    case waiting
    case writing
    case closed
  }

  let descriptor: Int32
  private(set) var phase = Phase.reading
  /// Whether the client has shown the token. Other connections make room for new ones.
  private(set) var isTrusted = false
  /// When its phase must end, in monotonic nanoseconds; nil: it does not wait for the client.
  private(set) var deadline: Int64?

  private let limit: Int64
  private let input = ByteBuffer()
  private let output = ByteBuffer()
  private var sent = 0
  private var isToHead = false

  /// How many bytes after the request are read and ignored: a connection that is closed with unread bytes is reset, and the response lost.
  private static let drained = 1 << 16

  /// - Parameters:
  ///   - descriptor: does not block, and is closed at the end.
  ///   - limit: how long the client may take for its request, or to read the response, in nanoseconds.
  init(_ descriptor: Int32, limit: Int64, now: Int64) {
    self.descriptor = descriptor
    self.limit = limit
    deadline = now + limit
  }

  deinit { close(descriptor) }

  var events: Int16 {
    switch phase {
    case .reading: Int16(POLLIN)
    case .writing: Int16(POLLOUT)
    case .waiting, .closed: 0
    }
  }

  /// Works on the connection, whose descriptor may be ready.
  /// - Returns: the request once it is complete; nil before and after.
  func advance() -> ServerRequest.Verdict? {
    switch phase {
    case .reading:
      read()
      let verdict = ServerRequest.parse(input.bytes)
      if phase == .closed || verdict == .incomplete { return nil }
      if case .request(let request) = verdict { isToHead = request.method == "HEAD" }
      return verdict
    case .writing: write()
    // Nothing is expected from the client, so the connection is broken.
    case .waiting: phase = .closed
    case .closed: break
    }
    return nil
  }

  /// Closes it if it takes too long.
  func expire(now: Int64) { if let deadline, now >= deadline { phase = .closed } }

  /// The response needs credentials.
  func wait() {
    phase = .waiting
    isTrusted = true
    deadline = nil
  }

  func answer(_ answer: ServerResponse, now: Int64) {
    answer.append(to: output, isToHead: isToHead)
    phase = .writing
    deadline = now + limit
    write()
  }

  private func read() {
    let room = ServerRequest.maximumLength - input.count
    switch try? Descriptor.read(descriptor, into: input.reserve(room), count: room) {
    case .bytes(let count): input.advance(count)
    case .wouldBlock: break
    case .end, nil: phase = .closed
    }
  }

  private func write() {
    while sent < output.count {
      let count = Unix.write(descriptor, output.base + sent, output.count - sent)
      if count > 0 {
        sent += count
      } else if count < 0, errno == EAGAIN {
        return
      } else if count == 0 || errno != EINTR {
        break
      }
    }
    // Keys do not stay in memory.
    memset(output.base, 0, output.count)
    _ = try? Descriptor.read(descriptor, into: input.reserve(Self.drained), count: Self.drained)
    phase = .closed
  }
}
