import Testing

@testable import AWS

@Suite struct RenewalPolicyTests {
  private let policy = RenewalPolicy()
  private let retrieved: Int64 = 1_800_000_000_000

  @Test(
    arguments: [
      // Seconds of lifetime, seconds since minting.
      (43_200, 42_299, .fresh), (43_200, 42_301, .due), (43_200, 43_139, .due), (43_200, 43_141, .useless),
      (3600, 0, .fresh), (3600, 2699, .fresh), (3600, 2701, .due), (3600, 3539, .due), (3600, 3541, .useless), (3600, 100_000, .useless),
      (900, 674, .fresh), (900, 676, .due), (900, 839, .due), (900, 841, .useless),
      // What moto gives.
      (90, 0, .fresh), (90, 67, .fresh), (90, 68, .due), (90, 78, .due), (90, 79, .useless),
      (1, 0, .fresh), (1, 1, .useless),
      // The clock went backwards.
      (3600, -1, .useless),
      // They had ended before they were minted: what is wrong is the clock, and they are used nevertheless.
      (-86_400, 0, .fresh), (-86_400, 674, .fresh), (-86_400, 676, .due), (-86_400, 841, .useless), (0, 1, .fresh),
    ] as [(Int64, Int64, RenewalPolicy.State)])
  func state(_ lifetime: Int64, _ age: Int64, _ expected: RenewalPolicy.State) {
    let state = policy.state(
      retrieved: retrieved, expiration: retrieved + lifetime * 1000, clockOffset: nil, now: retrieved + age * 1000)
    #expect(state == expected)
  }

  @Test(arguments: [-86_400_000, -1000, 0, 86_400_000] as [Int64])
  func aClockThatIsWrongIsAllowedFor(_ offset: Int64) {
    func state(_ age: Int64) -> RenewalPolicy.State {
      policy.state(retrieved: retrieved, expiration: retrieved + offset + 3_600_000, clockOffset: offset, now: retrieved + age * 1000)
    }
    #expect(state(0) == .fresh)
    #expect(state(2699) == .fresh)
    #expect(state(2701) == .due)
    #expect(state(3541) == .useless)
  }

  @Test func keysWithoutAnEndStayFresh() {
    for age: Int64 in [-1, 0, 1 << 40] {
      #expect(policy.state(retrieved: retrieved, expiration: nil, clockOffset: nil, now: retrieved + age) == .fresh)
    }
  }

  @Test func noNumberIsTooLarge() {
    let numbers: [Int64] = [.min, -1, 0, 1, .max]
    for retrieved in numbers {
      for expiration in numbers {
        for offset in numbers {
          for now in numbers { _ = policy.state(retrieved: retrieved, expiration: expiration, clockOffset: offset, now: now) }
        }
      }
    }
  }
}
