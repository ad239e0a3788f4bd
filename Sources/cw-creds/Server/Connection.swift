internal import Unix

/// One client: its request is read, answered, and that is all.
final class Connection {
  enum Phase: Equatable {
    /// The head of its request, or what is here of it.
    case reading
    /// For credentials: it has shown the token.
    case waiting
    case writing
    case closed
  }

  let descriptor: Int32
  private(set) var phase = Phase.reading
  /// Whether it has shown the token. Any other makes room for one that may.
  private(set) var isTrusted = false
  /// When its phase must be over, monotonic nanoseconds; nil: that is not up to the client.
  private(set) var deadline: Int64?

  private let limit: Int64
  private let input = ByteBuffer()
  private let output = ByteBuffer()
  private var sent = 0
  private var isToHead = false

  /// What a client has sent beyond its request is read, in bytes: closed with bytes unread, a connection would be reset, and the answer
  /// with it.
  private static let drained = 1 << 16

  /// - Parameters:
  ///   - descriptor: does not block; closed at the end.
  ///   - limit: how long the client may take for a request, or to read its answer, in nanoseconds.
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

  /// Its descriptor may be ready.
  /// - Returns: what is asked, once all of it is here; nil before and after.
  func advance() -> ServerRequest.Verdict? {
    switch phase {
    case .reading:
      read()
      let verdict = ServerRequest.parse(input.bytes)
      if phase == .closed || verdict == .incomplete { return nil }
      if case .request(let request) = verdict { isToHead = request.method == "HEAD" }
      return verdict
    case .writing: write()
    // Not asked for anything, it can only be broken.
    case .waiting: phase = .closed
    case .closed: break
    }
    return nil
  }

  /// Closes it if it takes too long.
  func expire(now: Int64) { if let deadline, now >= deadline { phase = .closed } }

  /// The answer needs credentials.
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
      let count = libcWrite(descriptor, output.base + sent, output.count - sent)
      if count > 0 {
        sent += count
      } else if count < 0, errno == EAGAIN {
        return
      } else if count == 0 || errno != EINTR {
        break
      }
    }
    // Keys do not stay in memory that nobody needs any more.
    memset(output.base, 0, output.count)
    _ = try? Descriptor.read(descriptor, into: input.reserve(Self.drained), count: Self.drained)
    phase = .closed
  }
}

// `write` is also a name in the class.
private func libcWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(descriptor, bytes, count) }
