internal import Unix

/// Warnings whose number the input decides, for example by the names of files: a few a minute, and then how many more there were.
final class LimitedWarnings {
  private let clock: () -> Int64
  private let warn: (String) -> Void
  private var start = Int64.min / 2
  private var count = 0

  private static let perMinute = 10
  private static let minute: Int64 = 60_000_000_000

  /// - Parameter clock: monotonic, in nanoseconds.
  init(clock: @escaping () -> Int64 = Clock.monotonicNanoseconds, warn: @escaping (String) -> Void = Messages.warning) {
    self.clock = clock
    self.warn = warn
  }

  func report(_ text: String) {
    let now = clock()
    if now - start >= Self.minute {
      reportRest()
      (start, count) = (now, 0)
    }
    count += 1
    if count <= Self.perMinute { warn(text) }
  }

  /// Tells how many were left out since the last.
  func reportRest() {
    if count > Self.perMinute { warn("\(count - Self.perMinute) more such warnings within a minute are left out") }
    count = 0
  }
}
