import Testing
import Unix

@testable import AWS

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

  /// Dates are whole seconds: what is known stays as long as the next one allows it, and moves no further than that demands.
  @Test(
    arguments: [
      (date: 0, sent: 0, received: 0, bootTime: 0), (date: 1000, sent: 1500, received: 1500, bootTime: 0),
      (date: 1000, sent: 1000, received: 61_000, bootTime: 0), (date: 2000, sent: 1900, received: 1950, bootTime: 50),
      (date: 1000, sent: 2100, received: 2200, bootTime: -101),
    ] as [(date: Int64, sent: Int64, received: Int64, bootTime: Int64)])
  func keepsWhatAnAnswerDoesNotContradict(_ item: (date: Int64, sent: Int64, received: Int64, bootTime: Int64)) {
    let noon: Int64 = 1_795_341_600_000
    var clock = ServiceClock()
    clock.learn(date: noon, sent: 0, received: 0)
    clock.learn(date: noon + item.date, sent: item.sent, received: item.received)
    #expect(clock.bootTime == noon + item.bootTime)
  }
}
