import Testing

@testable internal import PutLogsCommand

/// The machine booted at noon and now it is one o'clock; times are in milliseconds since noon.
@Suite struct EventTimesTests {
  private static let noon: Int64 = 1_795_341_600_000
  private static let hour: Int64 = 3_600_000
  private static let day = 24 * hour
  private static let weeks = 20 * day
  private let times = EventTimes(bootTime: Self.noon, now: Self.noon + Self.hour, isOfService: true)

  /// A stamp, by how much the clock was off that made it, and the time at which the event is sent.
  @Test(
    arguments: [
      (5000, 0, 5000), (5000, 10_000, 5000), (15_000, 10_001, 4999), (5000 - weeks, -weeks, 5000), (5000 + 3 * hour, 3 * hour, 5000),
      (hour, 0, hour), (5000 - noon, -noon, 5000),
      // Mended, the service would refuse it, and as it is it would not: whose boot time is wrong?
      (5000, 15 * day, 5000),
      // Of no time that has been.
      (2 * hour, 20_000, hour),
    ] as [(Int64, Int64, Int64)])
  func aStampOfAWrongClockIsMended(_ stamp: Int64, _ lead: Int64, _ time: Int64) {
    let mended = times.mended(Self.noon + stamp, EventClock(bootTime: Self.noon + lead, isStamp: true))
    #expect(mended.timestamp == Self.noon + time)
    #expect(mended.clock.map(times.isWrong) == false)
  }

  @Test func aTimeOfWhichNothingIsKnownStays() {
    #expect(times.mended(5, nil).timestamp == 5)
    #expect(times.mended(refused: 5, nil) == nil)
    #expect(
      times.mended(Self.noon - Self.weeks, EventClock(bootTime: Self.noon - Self.weeks, isStamp: false)).timestamp == Self.noon - Self.weeks
    )
  }

  @Test func noEventHappensAfterItIsRead() {
    let told = EventClock(bootTime: Self.noon, isStamp: false)
    #expect(times.mended(Self.noon + 3 * Self.hour, told).timestamp == Self.noon + 3 * Self.hour, "the service takes it")
    #expect(times.mended(Self.noon + 3 * Self.hour + 1, told).timestamp == times.now)
    let unsure = EventTimes(bootTime: times.bootTime, now: times.now, isOfService: false)
    #expect(unsure.mended(Self.noon + Self.day, told).timestamp == Self.noon + Self.day, "who knows which of them is wrong?")
  }

  /// A refused time, whether it is a stamp, by how much the clock is off, and the time with which the event is tried again.
  @Test(
    arguments: [
      (5000 - weeks, true, -weeks, 5000), (5000 - weeks, false, -weeks, 5000), (12_000 - noon, false, -noon, 12_000),
      (5 * hour, false, 0, hour), (5 * hour, true, 5 * hour, 0),
      // Three weeks ago; told by a line of an earlier boot.
      (-21 * day, false, 0, nil), (-21 * day, true, 0, nil), (-weeks - 1, false, -weeks, nil), (hour - weeks + 1, false, -weeks, nil),
    ] as [(Int64, Bool, Int64, Int64?)])
  func aRefusedTimeIsMendedIfOneIsKnown(_ time: Int64, _ isStamp: Bool, _ lead: Int64, _ better: Int64?) {
    let clock = EventClock(bootTime: Self.noon + lead, isStamp: isStamp)
    #expect(times.mended(refused: Self.noon + time, clock) == better.map { Self.noon + $0 })
  }
}
