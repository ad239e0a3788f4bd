internal import Unix

/// One client. Its requests are read, answered and read again, one after another and however many it sends at once.
final class Connection {
  enum Phase: Equatable {
    /// The next head, or what is here of it.
    case reading
    /// For credentials.
    case waiting
    case writing
    /// What the client still sends is thrown away: closed with bytes unread, a connection would be reset, and the answer with it.
    case draining
    case closed
  }

  let descriptor: Int32
  private(set) var phase = Phase.reading
  /// When its phase began, monotonic nanoseconds.
  private(set) var began: Int64
  /// When its phase must be over, monotonic nanoseconds; nil: that is not up to the client.
  private(set) var deadline: Int64?

  private let limits: CredentialServer.Limits
  private let input = ByteBuffer()
  private let output = ByteBuffer()
  private var sent = 0
  private var request: HTTPRequest?
  private var isRefused = false
  private var answers = 0

  /// - Parameter descriptor: does not block; closed at the end.
  init(_ descriptor: Int32, _ limits: CredentialServer.Limits, now: Int64) {
    self.descriptor = descriptor
    self.limits = limits
    began = now
    deadline = now + limits.request
  }

  deinit { close(descriptor) }

  var events: Int16 {
    switch phase {
    case .reading, .draining: Int16(POLLIN)
    case .writing: Int16(POLLOUT)
    case .waiting, .closed: 0
    }
  }

  /// Its descriptor is ready, for what it waits for or for nothing more.
  func advance(now: Int64) {
    switch phase {
    case .reading: read(upTo: HTTPRequest.maximumLength)
    case .draining:
      input.removeAll()
      read(upTo: 1 << 16)
    case .writing: write(now: now)
    // Not asked for anything, it can only be broken.
    case .waiting: phase = .closed
    case .closed: break
    }
  }

  /// Closes it if it takes too long.
  func expire(now: Int64) { if let deadline, now >= deadline { phase = .closed } }

  /// What is asked next; nil: not all of it is here, or something else must happen before.
  func next() -> Result<HTTPRequest, HTTPRequest.Refusal>? {
    guard phase == .reading else { return nil }
    switch HTTPRequest.parse(input.bytes) {
    case .incomplete: return nil
    case .refused(let refusal):
      isRefused = true
      return .failure(refusal)
    case .request(let request, let length):
      input.removeFirst(length)
      self.request = request
      return .success(request)
    }
  }

  /// The answer needs credentials.
  func wait() {
    phase = .waiting
    deadline = nil
  }

  func answer(_ answer: HTTPAnswer, now: Int64) {
    answers += 1
    answer.append(to: output, isToHead: request?.method == "HEAD", keepsAlive: keepsAlive)
    phase = .writing
    deadline = now + limits.request
    write(now: now)
  }

  private var keepsAlive: Bool { !isRefused && request?.keepsAlive == true && answers < limits.requestsOfConnection }

  private func read(upTo limit: Int) {
    let room = limit - input.count
    guard room > 0 else { return }
    switch try? Descriptor.read(descriptor, into: input.reserve(room), count: room) {
    case .bytes(let count): input.advance(count)
    case .wouldBlock: break
    case .end, nil: phase = .closed
    }
  }

  private func write(now: Int64) {
    while sent < output.count {
      let count = systemWrite(descriptor, output.base + sent, output.count - sent)
      if count > 0 {
        sent += count
      } else if count < 0, errno == EAGAIN {
        return
      } else if count == 0 || errno != EINTR {
        phase = .closed
        return
      }
    }
    let goesOn = keepsAlive
    // Keys do not stay in memory that nobody needs any more.
    memset(output.base, 0, output.count)
    output.removeAll()
    sent = 0
    request = nil
    began = now
    if goesOn {
      phase = .reading
      deadline = now + limits.request
    } else {
      shutdown(descriptor, Int32(SHUT_WR))
      phase = .draining
      deadline = now + limits.draining
    }
  }
}

// `write` is also a name in the class.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(descriptor, bytes, count) }
