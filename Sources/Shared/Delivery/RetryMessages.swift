package import AWS
internal import Unix

/// Warns that requests fail and are repeated: the first time for each kind of error, and then once a minute.
package final class RetryMessages {
  private var times: [String: Int64] = [:]
  private let clock: () -> Int64
  private let warn: (String) -> Void

  private static let minute: Int64 = 60_000_000_000

  /// - Parameter clock: monotonic, in nanoseconds.
  package init(clock: @escaping () -> Int64 = Clock.monotonicNanoseconds, warn: @escaping (String) -> Void = Messages.warning) {
    self.clock = clock
    self.warn = warn
  }

  /// Warns of a failed attempt, unless the same kind of error was reported within the last minute.
  package func report(_ error: AWSError, attempt: Int, pauseMilliseconds: Int64) {
    let now = clock()
    // The text is no key: libcurl's has milliseconds in it.
    let subject = "\(error.kind) \(error.host)"
    times = times.filter { now - $0.value < Self.minute }
    guard times[subject] == nil else { return }
    times[subject] = now
    warn("\(error.message); trying again")
  }
}
