#if os(Linux)
  internal import Unix

  /// A connection to the D-Bus system bus that asks for one number again and again, and never waits longer than it is told to.
  final class SystemBus {
    /// A property of type `u`.
    struct Property {
      let destination: String
      let path: String
      let interface: String
      let name: String

      /// The units of systemd that have failed; everyone may ask for it.
      static let failedUnits = Property(
        destination: "org.freedesktop.systemd1", path: "/org/freedesktop/systemd1", interface: "org.freedesktop.systemd1.Manager",
        name: "NFailedUnits")
    }

    /// Why there is no number.
    struct Refusal: Error, Equatable {
      let reason: String
    }

    /// Nanoseconds after which an answer is not waited for any more; the connection is made anew.
    static let silence: Int64 = 10_000_000_000
    /// Nanoseconds between two attempts to connect.
    static let pause: Int64 = 60_000_000_000
    /// Bytes that are read at one time.
    static let limit = 1 << 18

    private let path: String
    /// The question, made once.
    private var call: [UInt8]
    private let silence: Int64
    private let pause: Int64
    private let input = ByteBuffer(capacity: 4096)
    private var descriptor: Int32 = -1
    private var isAuthenticated = false
    private var serial: UInt32 = 0
    /// The question that is not answered, and when it was asked.
    private var question: (serial: UInt32, time: Int64)?
    private var answer: Result<UInt32, Refusal>?
    private var retryAt = Int64.min
    private var lastRefusal = Refusal(reason: "")

    /// - Parameters:
    ///   - path: of the bus's socket.
    ///   - property: what is asked for.
    init(path: String, property: Property, silence: Int64 = SystemBus.silence, pause: Int64 = SystemBus.pause) {
      self.path = path
      call = DBusMessage.call(
        serial: 0, destination: property.destination, path: property.path, interface: "org.freedesktop.DBus.Properties", member: "Get",
        arguments: [property.interface, property.name])
      self.silence = silence
      self.pause = pause
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The number as it is now; nil: the answer takes longer than `milliseconds`, and is left to itself.
    func number(within milliseconds: Int64) -> Result<UInt32, Refusal>? {
      let start = Clock.monotonicNanoseconds()
      do {
        if descriptor < 0 {
          guard start >= retryAt else { return .failure(lastRefusal) }
          try connect(start)
        }
        return try ask(start, deadline: start + milliseconds * 1_000_000)
      } catch {
        let refusal = (error as? Refusal) ?? Refusal(reason: "\(error)")
        disconnect()
        retryAt = start + pause
        lastRefusal = refusal
        return .failure(refusal)
      }
    }

    private func ask(_ start: Int64, deadline: Int64) throws -> Result<UInt32, Refusal>? {
      // An answer that came too late for its sample belongs to no later one.
      try receive()
      answer = nil
      if question == nil {
        question = (next(), start)
        if isAuthenticated { try sendQuestion() }
      }
      while answer == nil {
        let left = deadline - Clock.monotonicNanoseconds()
        guard left > 0 else { break }
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&wait, 1, Int32(clamping: (left + 999_999) / 1_000_000)) > 0 { try receive() }
      }
      if answer == nil, let question, Clock.monotonicNanoseconds() - question.time > silence {
        throw Refusal(reason: "\(path) does not answer")
      }
      return answer
    }

    // Receiving.

    private func receive() throws {
      for _ in 0..<Self.limit / 4096 {
        switch try read() {
        case .wouldBlock: return
        case .end: throw Refusal(reason: "\(path) has ended the connection")
        case .bytes(let count): input.advance(count)
        }
        try digest()
        // Whatever comes behind it, the end of the connection too, is for later.
        if answer != nil { return }
      }
    }

    private func read() throws -> Descriptor.ReadResult {
      do {
        return try Descriptor.read(descriptor, into: input.reserve(4096), count: 4096)
      } catch let error as SystemError {
        throw SystemError("read from \(path)", code: error.code)
      }
    }

    private func digest() throws {
      while !isAuthenticated {
        guard let end = input.bytes.firstIndex(of: UInt8(ascii: "\n")) else {
          guard input.count <= 1024 else { throw Refusal(reason: "\(path) does not speak D-Bus") }
          return
        }
        let line = input.bytes.part(0..<end).trimmed
        let (isAccepted, isChallenge) = (line.starts(with: "OK"), line.equals("DATA"))
        if line.starts(with: "REJECTED") { throw Refusal(reason: "\(path) refuses to authenticate this user") }
        guard isAccepted || isChallenge else { throw Refusal(reason: "\(path) does not speak D-Bus") }
        input.removeFirst(end + 1)
        if isAccepted { try beginMessages() }
      }
      while true {
        switch DBusMessage.parse(input.bytes) {
        case .incomplete: return
        case .invalid: throw Refusal(reason: "\(path) does not speak D-Bus")
        case .message(let message, let size):
          input.removeFirst(size)
          try take(message)
        }
      }
    }

    private func take(_ message: DBusMessage) throws {
      // Signals are passed over: that this connection has got a name.
      guard message.kind == .reply || message.kind == .error, let serial = message.replySerial else { return }
      let reason = message.errorName.map { "\(path) answers \($0.printable)" } ?? "\(path) answers with something else than a number"
      if serial == helloSerial, message.kind == .error { throw Refusal(reason: reason) }
      guard serial == question?.serial else { return }
      question = nil
      if message.kind == .reply, let number = message.number {
        answer = .success(number)
      } else {
        answer = .failure(Refusal(reason: reason))
      }
    }

    // Sending.

    private func connect(_ now: Int64) throws {
      descriptor = try UnixSocket.connect(path)
      // The bus learns from the kernel who this is. Naming no user lets that be true in a user namespace, too, as with PrivateUsers=.
      try send(Array("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n".utf8))
    }

    private var helloSerial: UInt32 { 1 }

    private func beginMessages() throws {
      isAuthenticated = true
      try send(
        DBusMessage.call(
          serial: helloSerial, destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus",
          member: "Hello"))
      if question != nil { try sendQuestion() }
    }

    private func sendQuestion() throws {
      guard let question else { return }
      // The serial stands at 8.
      withUnsafeBytes(of: question.serial.littleEndian) { serial in
        for (index, byte) in serial.enumerated() { call[8 + index] = byte }
      }
      try send(call)
    }

    private func next() -> UInt32 {
      // 0 is none, 1 that of Hello.
      serial = max(serial &+ 1, helloSerial + 1)
      return serial
    }

    private func send(_ bytes: [UInt8]) throws {
      let count = bytes.withUnsafeBytes { Unix.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0 { throw SystemError("write to \(path)") }
      // So little finds no room only if the bus has taken nothing for long.
      guard count == bytes.count else { throw Refusal(reason: "\(path) takes nothing") }
    }

    private func disconnect() {
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
      isAuthenticated = false
      question = nil
      input.removeAll()
    }
  }
#endif
