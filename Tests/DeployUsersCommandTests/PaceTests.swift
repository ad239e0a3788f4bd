import Testing

@testable import DeployUsersCommand

@Suite struct PaceTests {
  private static let second: Int64 = 1_000_000_000

  @Test func usersAreSpread() {
    var pace = Pace(usersPerSecond: 20)
    #expect(pace.delay(now: 5) == 0)
    pace.begin(now: 5, isDouble: false)
    #expect(pace.delay(now: 5) == Self.second / 20)
    pace.begin(now: 5, isDouble: true)
    #expect(pace.delay(now: 5) == Self.second * 3 / 20)
    // Time that was not used is not made up for.
    #expect(pace.delay(now: 10 * Self.second) == 0)
    pace.begin(now: 10 * Self.second, isDouble: false)
    #expect(pace.delay(now: 10 * Self.second) == Self.second / 20)
  }

  @Test(arguments: [
    (0, 10, 0.0, "0 of 10 users"), (5, 10, 0.1, "5 of 10 users"), (20, 200, 1.0, "20 of 200 users, 20.0 a second, 9 s left"),
    (120, 10000, 6.1, "120 of 10000 users, 19.6 a second, 9 min left"), (1, 10000, 1.0, "1 of 10000 users, 1.0 a second, 2 h 46 min left"),
    (10, 10, 1.0, "10 of 10 users, 10.0 a second, 0 s left"),
  ])
  func progress(_ done: Int, _ all: Int, _ seconds: Double, _ text: String) {
    #expect(ProvisioningProgress(done: done, all: all, elapsed: Int64(seconds * 1e9)).text == text)
  }
}
