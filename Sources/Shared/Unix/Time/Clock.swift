/// The clocks of a machine. Pure code takes their readings as parameters; only loops ask.
package enum Clock {
  /// Milliseconds since 1970-01-01T00:00:00Z by the wall clock, which may jump.
  package static func realtimeMilliseconds() -> Int64 { milliseconds(read(CLOCK_REALTIME)) }

  /// Nanoseconds since some moment before the program started; never goes backwards.
  package static func monotonicNanoseconds() -> Int64 {
    nanoseconds(read(CLOCK_MONOTONIC))
  }

  /// Nanoseconds for which the calling thread has had a processor.
  package static func threadNanoseconds() -> Int64 { nanoseconds(read(CLOCK_THREAD_CPUTIME_ID)) }

  /// Milliseconds since the machine booted, those in which it was suspended included. It is never set, and all programs see the
  /// same: it tells how far the wall clock has jumped meanwhile.
  package static func bootMilliseconds() -> Int64 { milliseconds(read(bootClock)) }

  /// Milliseconds since the machine booted in which it was not suspended: the journal's monotonic time.
  package static func awakeMilliseconds() -> Int64 { milliseconds(read(CLOCK_MONOTONIC)) }

  /// The wall clock and the time since the boot in the same moment.
  package static func reading() -> Reading { Reading(realtime: realtimeMilliseconds(), sinceBoot: bootMilliseconds()) }

  /// What the wall clock shows, and the clock that is never set.
  package struct Reading: Equatable {
    /// Milliseconds since the epoch.
    package var realtime: Int64
    /// Milliseconds since the machine booted.
    package var sinceBoot: Int64

    /// Both in milliseconds.
    package init(realtime: Int64, sinceBoot: Int64) {
      self.realtime = realtime
      self.sinceBoot = sinceBoot
    }

    /// When this boot began by the wall clock, in milliseconds since the epoch: another moment once the wall clock is set.
    package var bootTime: Int64 { realtime &- sinceBoot }
  }

  /// Whether the wall clock can be right: a machine without a battery for its clock begins in 1970 or at the time of its last
  /// shutdown, and what is stamped then CloudWatch drops as too old. The bound, 2026-01-01, is older than this program.
  package static func isSane(_ milliseconds: Int64) -> Bool { milliseconds >= 1_767_225_600_000 }

  private static func read(_ clock: clockid_t) -> timespec {
    var now = timespec()
    clock_gettime(clock, &now)
    return now
  }

  private static func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
  private static func milliseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000 }

  #if os(Linux)
    private static let bootClock = clockid_t(CLOCK_BOOTTIME)
  #else
    private static let bootClock = CLOCK_MONOTONIC_RAW
  #endif
}
