internal import Records
internal import Unix

extension JournalEntry {
  /// The clock by which journald has stamped it; nil if it does not tell its boot.
  ///
  /// journald's monotonic clock stands still while the machine is suspended, and the clock that `RecordClock` means does not. When the
  /// machine slept nobody knows; as far as the entry can be of the wall clock as it is now, it is taken to be.
  /// - Parameters:
  ///   - now: this machine's clocks.
  ///   - awake: milliseconds since the boot in which it was not suspended.
  func clock(now: Clock.Reading, awake: Int64) -> RecordClock? {
    guard let boot = boot.flatMap({ BootIdentity.parse(String(decoding: $0, as: UTF8.self)) }) else { return nil }
    let suspended = max(now.sinceBoot - awake, 0)
    let earliest = monotonicTime / 1000
    let sinceBoot = min(max(time / 1000 &- now.bootTime, earliest), earliest &+ suspended)
    return RecordClock(boot: boot, reading: Clock.Reading(realtime: time / 1000, sinceBoot: sinceBoot))
  }
}
