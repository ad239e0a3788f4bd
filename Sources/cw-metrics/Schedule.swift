/// When samples are due: the first after the interval or after a second, whichever is sooner, so that a new machine appears
/// at once; then one each interval, counted from the first, so that delays do not add up. Times are monotonic nanoseconds.
struct Schedule {
  private(set) var due: Int64
  private let interval: Int64

  private static let second: Int64 = 1_000_000_000

  /// - Parameters:
  ///   - start: when the first reading was taken.
  ///   - interval: seconds between two samples, above 0.
  init(start: Int64, interval: Double) {
    let nanoseconds = Self.nanoseconds(interval)
    self.init(due: start + min(nanoseconds, Self.second), interval: interval)
  }

  /// - Parameter due: when the first sample is due.
  init(due: Int64, interval: Double) {
    self.interval = Self.nanoseconds(interval)
    self.due = due
  }

  /// Of seconds above 0.
  static func nanoseconds(_ seconds: Double) -> Int64 {
    // A century is as good as never, and far from any overflow.
    max(Int64(min(seconds, 3e9) * Double(second)), 1)
  }

  /// Moves on to the next sample after `now`. Missed samples, as during suspension, are not made up for: the next one
  /// covers the longer time.
  mutating func advance(now: Int64) {
    let missed = max(now - due, 0) / interval
    due += (missed + 1) * interval
  }

  /// Milliseconds to wait for the next sample, for poll(2); rounded up, since it must not come early.
  func milliseconds(from now: Int64) -> Int32 {
    let left = max(due - now, 0)
    return Int32(clamping: (left + 999_999) / 1_000_000)
  }
}
