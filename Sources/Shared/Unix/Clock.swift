/// The two clocks of a machine. Pure code takes their readings as parameters; only loops ask.
package enum Clock {
  /// Milliseconds since 1970-01-01T00:00:00Z by the wall clock, which may jump.
  package static func realtimeMilliseconds() -> Int64 {
    let now = read(CLOCK_REALTIME)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }

  /// Nanoseconds since some moment before the program started; never goes backwards.
  package static func monotonicNanoseconds() -> Int64 {
    let now = read(CLOCK_MONOTONIC)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }

  /// Whether the wall clock can be right: a machine without a battery for its clock begins in 1970 or at the time of its last
  /// shutdown, and what is stamped then CloudWatch drops as too old. The bound, 2026-01-01, is older than this program.
  package static func isSane(_ milliseconds: Int64) -> Bool { milliseconds >= 1_767_225_600_000 }

  private static func read(_ clock: clockid_t) -> timespec {
    var now = timespec()
    clock_gettime(clock, &now)
    return now
  }
}
