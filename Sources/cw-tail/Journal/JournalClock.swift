internal import Records
internal import Unix

extension JournalEntry {
  /// The clock reading at which journald stamped the entry; nil if the entry does not name its boot.
  ///
  /// journald's monotonic clock stops while the machine is suspended; that of `RecordClock` does not. When the machine was suspended is
  /// unknown, so the wall clock as it is set now decides within the possible range.
  /// - Parameters:
  ///   - now: this machine's clocks.
  ///   - awake: milliseconds since the boot without suspension.
  func clock(now: Clock.Reading, awake: Int64) -> RecordClock? {
    guard let boot = boot.flatMap({ BootIdentity.parse(String(decoding: $0, as: UTF8.self)) }) else { return nil }
    let suspended = max(now.sinceBoot - awake, 0)
    let earliest = monotonicTime / 1000
    let sinceBoot = min(max(time / 1000 &- now.bootTime, earliest), earliest &+ suspended)
    return RecordClock(boot: boot, reading: Clock.Reading(realtime: time / 1000, sinceBoot: sinceBoot))
  }
}
