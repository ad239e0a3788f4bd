/// TERM, INT and HUP turned into bytes on a pipe, so that one `poll(2)` waits for them and for everything else.
package final class StopSignal {
  /// Readable when a signal has come.
  package let descriptor: Int32

  /// The signals that end a program in good order: TERM, INT, and HUP unless the parent process, such as nohup(1), ignores it.
  package static var usual: [Int32] { isIgnored(SIGHUP) ? [SIGTERM, SIGINT] : [SIGTERM, SIGINT, SIGHUP] }

  /// Nanoseconds within which an equal signal is the same request: a terminal that closes sends HUP and its shell sends it once more,
  /// timeout(1) sends TERM to its child and then to the whole group.
  package static let moment: Int64 = 500_000_000

  /// Whether this process ignores a signal. May be asked in a signal handler.
  static func isIgnored(_ number: Int32) -> Bool { action(number) == unsafeBitCast(SIG_IGN, to: Int.self) }

  /// Whether a signal has its default action.
  static func isByDefault(_ number: Int32) -> Bool { action(number) == 0 }

  // Only looks: to set the action and set it back would lose a signal that comes in between.
  private static func action(_ number: Int32) -> Int? {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return nil }
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #elseif canImport(Musl)
      let handler = action.__sa_handler.sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self)
  }

  /// Whether a signal that has just come belongs to the one before. Asked once for each, in its handler.
  package static func isRepetition(_ number: Int32, moment: Int64 = moment) -> Bool {
    let now = Clock.monotonicNanoseconds()
    if number == lastSignal, now - lastSignalTime < moment { return true }
    lastSignal = number
    lastSignalTime = now
    return false
  }

  /// Takes the signals over for the whole process.
  /// - Parameter moment: nanoseconds within which an equal signal counts for nothing.
  /// - Throws: `SystemError` if there is no pipe to be had.
  package init(_ signals: [Int32] = usual, moment: Int64 = moment) throws {
    let (readEnd, writeEnd) = try Descriptor.pipe(nonBlocking: true)
    descriptor = readEnd
    stopSignalWriteEnd = writeEnd
    signalMoment = moment
    for number in signals {
      signal(number) { number in
        let saved = errno
        if !StopSignal.isRepetition(number, moment: signalMoment) {
          var byte = UInt8(truncatingIfNeeded: number)
          _ = write(stopSignalWriteEnd, &byte, 1)
        }
        errno = saved
      }
    }
  }

  /// Whether a signal has come that `take` has not returned yet.
  package var isPending: Bool { Descriptor.wait(descriptor, for: POLLIN, milliseconds: 0) }

  /// The numbers of the signals that came since the last call, in their order.
  package func take() -> [Int32] {
    var bytes: [UInt8] = [UInt8](repeating: 0, count: 16)
    let n = bytes.withUnsafeMutableBytes { memory in
      memory.baseAddress.map { read(descriptor, $0, memory.count) } ?? 0
    }
    return bytes.prefix(max(n, 0)).map(Int32.init)
  }
}

// A signal handler can reach nothing but globals. The first two are written once, before a handler is set, the others by handlers
// alone: two at once could at worst take an equal signal for another request.
private nonisolated(unsafe) var stopSignalWriteEnd: Int32 = -1
private nonisolated(unsafe) var signalMoment: Int64 = 0
private nonisolated(unsafe) var lastSignal: Int32 = 0
private nonisolated(unsafe) var lastSignalTime: Int64 = 0
