package import AWS
internal import Unix

/// The one loop of a program that delivers: it reads standard input while there is room, lets the client work, and ends when everything is
/// delivered or the time for it is over.
package final class EventLoop {
  /// How long the last deliveries may take once the input has ended, in nanoseconds.
  package enum Timeout {
    /// After a signal from a supervisor, or from a person at Ctrl-C, who wait for the end.
    package static let whenToldToStop: Int64 = 20_000_000_000
    /// After a signal when the input has ended already: the sender has waited long enough.
    static let whenToldToStopAfterTheEnd: Int64 = 1_000_000_000
    /// At the end of input that cannot be read again.
    package static let atEndOfUnrepeatableInput: Int64 = 300_000_000_000
    /// After the first failure to deliver stored data, which the next run will send.
    package static let withFailureOfWhatIsStored: Int64 = 5_000_000_000
  }

  private let client: RetryingClient
  private let sender: any Sender
  private let reader: LineReader
  private let readsOnWhenToldToStop: Bool
  private let timeoutAtEnd: Int64?
  private let copy: ByteBuffer?
  private let stop: StopSignal
  private var deadline: Int64?
  private var wasStopped = false
  private var copyIsBroken = false
  private var isEnding = false
  private var hasSaneClock = false
  private var hasWarnedOfClock = false

  /// - Parameters:
  ///   - readsOnWhenToldToStop: true: after a signal the loop reads on to the end of its input, since the program before it in the pipe
  ///     gets the signal too. False: it sends what it has read, since the input may never end.
  ///   - timeoutAtEnd: how long the last deliveries may take after the end of the input, in nanoseconds; nil: until the sender fails.
  ///   - tees: whether standard input is copied to standard output.
  /// - Throws: `SystemError` if there are no descriptors left.
  package init(
    _ client: RetryingClient, _ sender: any Sender, readsOnWhenToldToStop: Bool, timeoutAtEnd: Int64?, tees: Bool = false
  ) throws {
    self.client = client
    self.sender = sender
    self.readsOnWhenToldToStop = readsOnWhenToldToStop
    self.timeoutAtEnd = timeoutAtEnd
    copy = tees ? ByteBuffer() : nil
    reader = LineReader(descriptor: STDIN_FILENO, maximumLength: sender.maximumLineLength, blockSize: 1 << 17)
    stop = try StopSignal()
    // A broken pipe, of the copy or of a connection, is no reason to die with data in memory.
    BrokenPipe.isAnError()
    Descriptor.enlargePipe(STDIN_FILENO)
  }

  /// Whether the loop stopped reading before the end of the input because it was told to.
  package var wasCutShort: Bool { (wasStopped || isEnding) && !reader.isAtEnd }

  /// Runs until everything is delivered, the sender fails, or the time is over.
  /// - Throws: `SystemError` if standard input cannot be read.
  package func run() throws {
    while !isDone {
      var descriptors = [pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)]
      let reads = !reader.isAtEnd && !sender.isFull && !isEnding && isClockSane()
      if reads { descriptors.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
      client.wait(&descriptors, milliseconds: pauseMilliseconds())
      if descriptors[0].revents != 0 { stopped() }
      if reads, !reader.isAtEnd, descriptors[1].revents != 0 { try read() }
      sender.sendDue(now: Clock.monotonicNanoseconds())
      if sender.isDraining, !isEnding {
        isEnding = true
        sender.sendAll()
        limit(Timeout.whenToldToStop)
      }
    }
  }

  private var isDone: Bool {
    if sender.hasFailed { return true }
    if let deadline, Clock.monotonicNanoseconds() >= deadline { return true }
    return (reader.isAtEnd || isEnding) && sender.isIdle
  }

  // CloudWatch and TLS refuse times before this program was written. A machine without a battery for its clock learns the time soon
  // after it has a network.
  private func isClockSane() -> Bool {
    if hasSaneClock { return true }
    hasSaneClock = Clock.isSane(Clock.realtimeMilliseconds())
    if !hasSaneClock, !hasWarnedOfClock {
      hasWarnedOfClock = true
      Messages.warning("this machine's clock is before 2026; nothing is read or sent until it is set")
    }
    return hasSaneClock
  }

  private func pauseMilliseconds() -> Int {
    let now = Clock.monotonicNanoseconds()
    let look = now + (hasSaneClock ? 60_000_000_000 : 1_000_000_000)
    let next = [sender.nextDue, deadline].compactMap { $0 }.min().map { min($0, look) } ?? look
    return Int(max(0, next - now) / 1_000_000) + 1
  }

  private func read() throws {
    guard try reader.fill() != .wouldBlock else { return }
    takeLines()
    if reader.isAtEnd {
      sender.sendAll()
      if let timeoutAtEnd { limit(timeoutAtEnd) }
    }
  }

  private func takeLines() {
    let now = Clock.monotonicNanoseconds()
    let realtime = Clock.realtimeMilliseconds()
    while let line = reader.next() {
      sender.take(line, now: now, realtime: realtime)
      if let copy, !copyIsBroken {
        copy.append(line.bytes)
        if line.terminator == .lineFeed { copy.append(byte: 0x0A) }
      }
    }
    sender.didRead()
    passOn()
  }

  private func passOn() {
    guard let copy, !copy.isEmpty else { return }
    if !write(copy.bytes) {
      copyIsBroken = true
      Messages.warning("standard output takes no more; delivery goes on without --tee")
    }
    copy.removeAll()
  }

  // Writes pieces that a writable pipe takes whole (PIPE_BUF), so that a reader that stalls cannot hide a signal. False if the reader is
  // gone, or a signal comes while it stalls.
  private func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      var descriptors = [
        pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&descriptors, 2, -1)
      if BrokenPipe.isBroken(descriptors[0]) { return false }
      let isWritable = descriptors[0].revents & Int16(POLLOUT) != 0
      if !isWritable, descriptors[1].revents != 0 { return false }
      guard isWritable else { continue }
      let count = min(rest.count, 4096)
      guard (try? Descriptor.writeAll(STDOUT_FILENO, rest.part(0..<count))) != nil else { return false }
      rest = rest.part(count..<rest.count)
    }
    return true
  }

  // The second signal means now.
  private func stopped() {
    let isSecond = wasStopped || stop.take().count > 1
    wasStopped = true
    if isSecond {
      deadline = Clock.monotonicNanoseconds()
      return
    }
    if reader.isAtEnd { return limit(Timeout.whenToldToStopAfterTheEnd) }
    // While the clock is wrong nothing can be delivered, and nothing is read.
    guard hasSaneClock else {
      deadline = Clock.monotonicNanoseconds()
      return
    }
    if !readsOnWhenToldToStop {
      reader.endInput()
      takeLines()
    }
    sender.sendAll()
    limit(Timeout.whenToldToStop)
  }

  private func limit(_ timeout: Int64) {
    let end = Clock.monotonicNanoseconds() + timeout
    deadline = min(deadline ?? end, end)
  }
}
