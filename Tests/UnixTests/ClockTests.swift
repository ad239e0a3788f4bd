import Testing

@testable internal import Unix

@Suite struct StampClockTests {
  private static let hour: Int64 = 3_600_000

  /// What the wall clock shows, and what is stamped.
  @Test(
    arguments: [
      ([5000, 6000], [5000, 6000]), ([5000, 4000, 4500, 6000], [5000, 5000, 5000, 6000]), ([20_000, 9_999], [20_000, 9_999]),
      ([hour, 5000, 6000, 5900], [hour, 5000, 6000, 6000]), ([0, hour, 1000], [0, hour, 1000]),
    ] as [([Int64], [Int64])])
  func onlyASmallStepBackIsWaitedOut(_ times: [Int64], _ stamps: [Int64]) {
    var clock = StampClock()
    #expect(times.map { clock.stamp(Clock.Reading(realtime: $0, sinceBoot: 7)).realtime } == stamps)
  }

  @Test func theClockThatNobodySetsIsReadAsItIs() {
    var clock = StampClock()
    _ = clock.stamp(Clock.Reading(realtime: 5000, sinceBoot: 1))
    #expect(clock.stamp(Clock.Reading(realtime: 4000, sinceBoot: 2)) == Clock.Reading(realtime: 5000, sinceBoot: 2))
  }
}

@Suite struct BootIdentityTests {
  @Test(
    arguments: [
      ("5f0c2a17-8d0e-4c7c-9d0f-0c6e0a1b2c3d\n", 0x5f0c_2a17), ("5F0C2A178D0E4C7C9D0F0C6E0A1B2C3D", 0x5f0c_2a17), ("", nil),
      ("5f0c2a1", nil),
      ("-5f0c2a1", nil), ("5f0c2a1\u{0663}", nil),
    ] as [(String, UInt32?)])
  func isTheBeginningOfItsName(_ name: String, _ identity: UInt32?) { #expect(BootIdentity.parse(name) == identity) }

  @Test func thisMachineHasOne() { #expect(BootIdentity.current != nil) }
}
