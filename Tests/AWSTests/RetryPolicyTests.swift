import Testing
import Unix
@testable import AWS

private func error(_ kind: AWSError.Kind, uncertain: Bool = false, retryAfter: Int64? = nil) -> AWSError {
  var error = AWSError(kind: kind, code: "", detail: "", host: "", operation: "")
  error.mayHaveBeenAccepted = uncertain
  error.retryAfter = retryAfter
  return error
}

@Suite struct RetryPolicyTests {
  let persistent = RetryPolicy(maximumAttempts: nil, repeatsUncertain: true)

  @Test(arguments: [
    (1, 200), (2, 400), (3, 800), (4, 1600), (5, 3200), (6, 6400), (7, 12800), (8, 25600), (9, 51200), (10, 60000),
    (1000, 60000),
  ])
  func pausesGrowToAMinute(_ attempts: Int, _ longest: Int64) {
    #expect(persistent.pause(afterAttempts: attempts, error(.transient), random: 0) == longest / 2)
    let top = persistent.pause(afterAttempts: attempts, error(.transient), random: 0.999_999) ?? 0
    #expect(top > longest * 99 / 100 && top <= longest)
  }

  @Test(arguments: [(1, 1000), (4, 8000), (7, 60000)])
  func throttlingWaitsLonger(_ attempts: Int, _ longest: Int64) {
    #expect(persistent.pause(afterAttempts: attempts, error(.throttled), random: 0) == longest / 2)
  }

  @Test func theServicesWishIsHonouredUpToAMinute() {
    #expect(persistent.pause(afterAttempts: 1, error(.throttled, retryAfter: 7000), random: 0) == 7000)
    #expect(persistent.pause(afterAttempts: 1, error(.throttled, retryAfter: 1), random: 0) == 500)
    #expect(persistent.pause(afterAttempts: 1, error(.throttled, retryAfter: 86_400_000), random: 0) == 60000)
  }

  @Test(arguments: [
    AWSError.Kind.accessDenied, .badCredentials, .noCredentials(.noPermission), .expired, .clockSkew, .refused, .tooLarge,
    .network(.invalid),
  ])
  func whatDoesNotMendItselfIsNotRepeated(_ kind: AWSError.Kind) {
    #expect(persistent.pause(afterAttempts: 1, error(kind), random: 0) == nil)
  }

  @Test func attemptsAreLimited() {
    let three = RetryPolicy(maximumAttempts: 3, repeatsUncertain: true)
    #expect(three.pause(afterAttempts: 2, error(.transient), random: 0) != nil)
    #expect(three.pause(afterAttempts: 3, error(.transient), random: 0) == nil)
  }

  @Test func metricsAreNotSentTwice() {
    let once = RetryPolicy(maximumAttempts: nil, repeatsUncertain: false)
    #expect(once.pause(afterAttempts: 1, error(.network(.broken), uncertain: true), random: 0) == nil)
    #expect(once.pause(afterAttempts: 1, error(.network(.connect)), random: 0) != nil)
  }
}
