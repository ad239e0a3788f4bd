import Testing
import Unix

@testable import AWS

@Suite struct HTTPDateTests {
  @Test(arguments: [
    ("Mon, 05 Jan 2026 03:04:05 GMT", 1_767_582_245_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199_000), ("Fri, 31 Dec 2100 00:00:00 GMT", 4_133_894_400_000),
  ])
  func parses(_ text: String, _ milliseconds: Int64) {
    #expect(HTTPDate.milliseconds(text) == milliseconds)
  }

  @Test(arguments: [
    "", "now", "Mon, 05 Jan 2026 03:04:05 CET", "Mon, 05 Foo 2026 03:04:05 GMT", "Mon, 99 Jan 2026 03:04:05 GMT",
    "Mon, 05 Jan 99999999999999999999 03:04:05 GMT", "Monday, 05-Jan-26 03:04:05 GMT",
  ])
  func refuses(_ text: String) {
    #expect(HTTPDate.milliseconds(text) == nil)
  }

  @Test(arguments: [
    (1_767_582_245_000, "20260105T030405Z"), (0, "19700101T000000Z"), (1_709_251_199_999, "20240229T235959Z"),
  ])
  func signingDate(_ milliseconds: Int64, _ timestamp: String) {
    #expect(SigningDate(milliseconds: milliseconds).timestamp == timestamp)
    #expect(SigningDate(milliseconds: milliseconds).day == timestamp.prefix(8))
  }
}

@Suite struct ServiceClockTests {
  @Test(
    arguments: [
      (date: 1_000_000, sent: 0, received: 100, offset: 999_950),
      (date: 0, sent: 7_200_000, received: 7_200_000, offset: -7_200_000),
      // Less than half a minute is noise; an answer that took too long, or came before it was asked for, teaches nothing.
      (date: 20_000, sent: 0, received: 0, offset: 0),
      (date: 1_000_000, sent: 0, received: 16 * 60_000, offset: 0),
      (date: 1_000_000, sent: 100, received: 0, offset: 0),
    ] as [(date: Int64, sent: Int64, received: Int64, offset: Int64)])
  func learns(_ item: (date: Int64, sent: Int64, received: Int64, offset: Int64)) {
    var clock = ServiceClock()
    clock.learn(date: item.date, sent: item.sent, received: item.received)
    #expect(clock.offset(at: Clock.Reading(realtime: 700, sinceBoot: 700)) == item.offset)
  }

  @Test func forgetsAnOffsetThatIsGone() {
    var clock = ServiceClock()
    clock.learn(date: 1_000_000, sent: 0, received: 0)
    clock.learn(date: 1_000_000, sent: 1_000_000, received: 1_000_000)
    #expect(clock.offset(at: Clock.Reading(realtime: 2_000_000, sinceBoot: 2_000_000)) == 0)
  }

  @Test func holdsWhenSomebodySetsThisMachinesClock() {
    var clock = ServiceClock()
    #expect(clock.bootTime == nil)
    clock.learn(date: 1_795_341_600_000, sent: 60_000, received: 60_000)
    let weeks: Int64 = 20 * 86_400_000
    #expect(clock.offset(at: Clock.Reading(realtime: 1_795_341_601_000 - weeks, sinceBoot: 61_000)) == weeks)
    #expect(clock.offset(at: Clock.Reading(realtime: 1_795_341_602_000, sinceBoot: 62_000)) == 0)
    #expect(clock.offset(at: Clock.Reading(realtime: 1_795_341_603_000 + 3_600_000, sinceBoot: 63_000)) == -3_600_000)
  }
}
