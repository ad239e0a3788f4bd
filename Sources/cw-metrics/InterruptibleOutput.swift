internal import Unix

/// Writes samples to a reader that may stall, and handles signals meanwhile. A sample is written completely, or the program ends.
final class InterruptibleOutput {
  private let output: Int32
  private let stop: Int32
  private let takeSignals: () -> Int
  private let patience: Int64
  private var deadline: Int64?

  /// Nanoseconds for which the reader may stall after a stop signal.
  static let patience: Int64 = 5_000_000_000

  /// - Parameters:
  ///   - output: should not block.
  ///   - stop: becomes readable when the program shall stop.
  ///   - takeSignals: returns how many signals came; afterwards `stop` is not readable any more.
  init(output: Int32, stop: Int32, takeSignals: @escaping () -> Int, patience: Int64 = InterruptibleOutput.patience) {
    self.output = output
    self.stop = stop
    self.takeSignals = takeSignals
    self.patience = patience
  }

  /// Whether the program was told to stop while it wrote.
  var isToldToStop: Bool { deadline != nil }

  /// Writes all bytes.
  /// - Throws: `CommandError` if the reader takes nothing for too long after a signal, or until a second one.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = try Descriptor.writeSome(output, rest)
      rest = rest.part(count..<rest.count)
      if count == 0 { try waitForReader() }
    }
  }

  private func waitForReader() throws {
    let left = deadline.map { $0 - Clock.monotonicNanoseconds() }
    if let left, left <= 0 { throw given("the reader takes nothing") }
    var polls = [pollfd(fd: output, events: Int16(POLLOUT), revents: 0), pollfd(fd: stop, events: Int16(POLLIN), revents: 0)]
    _ = poll(&polls, nfds_t(polls.count), left.map { Int32(clamping: $0 / 1_000_000 + 1) } ?? -1)
    // The next write fails if the reader is gone.
    guard polls[1].revents != 0, !BrokenPipe.isBroken(polls[0]) else { return }
    let count = takeSignals()
    if deadline != nil || count > 1 { throw given("the reader takes nothing, and a second signal came") }
    deadline = Clock.monotonicNanoseconds() + patience
  }

  private func given(_ reason: String) -> CommandError {
    CommandError(.tryAgain, "told to stop, and \(reason); the last sample is not passed on")
  }
}
