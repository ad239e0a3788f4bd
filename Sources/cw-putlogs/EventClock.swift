internal import Records
internal import Unix

/// The wall clock of this machine, as it was when an event was read.
struct EventClock: Equatable {
  /// When this boot began by that clock, in milliseconds since the epoch.
  var bootTime: Int64
  /// Whether the event was stamped by this clock; if not, the line tells its time.
  var isStamp: Bool

  /// Nil if the event was read in another boot, for which the true time is unknown.
  /// - Parameter boot: the present one (`BootIdentity`).
  init?(_ clock: RecordClock, of timestamp: Int64, boot: UInt32?) {
    guard clock.boot == boot else { return nil }
    self.init(bootTime: clock.reading.bootTime, isStamp: clock.reading.realtime == timestamp)
  }

  init(bootTime: Int64, isStamp: Bool) {
    self.bootTime = bootTime
    self.isStamp = isStamp
  }
}

/// The clocks of the events of a batch, one for each event, in their order. Most are equal.
struct EventClocks {
  private var known: [EventClock?] = []
  private var numbers: [UInt16] = []

  mutating func append(_ clock: EventClock?) {
    if known.isEmpty || known[known.count - 1] != clock { known.append(clock) }
    // A batch holds 10,000 events.
    numbers.append(UInt16(truncatingIfNeeded: known.count - 1))
  }

  subscript(index: Int) -> EventClock? {
    guard numbers.indices.contains(index) else { return nil }
    return known[Int(numbers[index])]
  }

  mutating func removeAll() {
    known.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
  }

  /// Whether a clock fulfils the condition.
  func contains(where condition: (EventClock) -> Bool) -> Bool { known.contains { $0.map(condition) ?? false } }

  /// Brings them into another order: the event that comes first was the one of this index.
  mutating func sort(_ order: [Int]) {
    guard numbers.count == order.count else { return }
    numbers = order.map { numbers[$0] }
  }
}
