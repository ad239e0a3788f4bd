import Testing
import Unix
@testable import AWS

@Suite struct RenewalActionTests {
  private let policy = RenewalPolicy()
  private let start: Int64 = 1_800_000_000_000
  private let credentials = Machine.credentials(1, expiration: 1_800_000_000_000 + 3_600_000)

  private func kept(_ credentials: AWSCredentials? = nil, failure: FailedAttempt? = nil) -> CachedCredentials {
    var kept = CachedCredentials(identity: "x")
    kept.sequence = 5
    kept.credentials = credentials
    kept.retrieved = start
    kept.failure = failure
    return kept
  }

  private func failed(_ error: CredentialsError, at seconds: Int64, refusals: Int = 0) -> FailedAttempt {
    FailedAttempt(error: error, time: start + seconds * 1000, refusals: refusals, inputs: "same")
  }

  private func action(
    _ kept: CachedCredentials, at seconds: Int64, besides refused: AWSCredentials? = nil, since: Int64 = 5, inputs: String = "same"
  ) -> RenewalPolicy.Action {
    policy.action(kept, besides: refused, since: since, provider: "S", inputs: { inputs }, now: start + seconds * 1000)
  }

  @Test func withoutFailures() {
    #expect(action(kept(), at: 0) == .retrieve)
    #expect(action(kept(credentials), at: 0) == .use(credentials))
    #expect(action(kept(credentials), at: 2701) == .renew(credentials))
    #expect(action(kept(credentials), at: 3541) == .retrieve)
    #expect(action(kept(credentials), at: 0, besides: credentials) == .retrieve)
    #expect(action(kept(credentials), at: 0, besides: Machine.credentials(2, expiration: nil)) == .use(credentials))
  }

  @Test func aRenewalThatFailedIsRepeatedAfterAMinute() {
    for error in [outage, CredentialsError("odd"), refusal] {
      let kept = kept(credentials, failure: failed(error, at: 2800, refusals: 1))
      #expect(action(kept, at: 2800) == .use(credentials))
      #expect(action(kept, at: 2859) == .use(credentials))
      #expect(action(kept, at: 2860) == .renew(credentials))
      // By the clock, the failure is yet to come.
      #expect(action(kept, at: 2799) == .renew(credentials))
    }
  }

  @Test func withoutCredentialsOnlyARefusalIsWaitedFor() {
    #expect(action(kept(failure: failed(outage, at: 0)), at: 1) == .retrieve)
    #expect(action(kept(failure: failed(CredentialsError("odd"), at: 0)), at: 1) == .retrieve)
    let refused = kept(failure: failed(refusal, at: 0, refusals: 1))
    guard case .fail = action(refused, at: 59) else { return _ = Issue.record("it would be asked again") }
    #expect(action(refused, at: 60) == .retrieve)
    #expect(action(refused, at: -1) == .retrieve)
    #expect(action(refused, at: 1, inputs: "changed") == .retrieve)
    // Credentials that are refused are none.
    let both = kept(credentials, failure: failed(refusal, at: 0, refusals: 1))
    guard case .fail = action(both, at: 59, besides: credentials) else { return _ = Issue.record("it would be asked again") }
  }

  @Test func theFailureOfAnAttemptThatWasWaitedForIsOnesOwn() {
    for error in [outage, refusal] {
      let kept = kept(failure: failed(error, at: 0, refusals: 1))
      #expect(action(kept, at: 200, since: 4) == .fail(error))
    }
  }

  @Test(
    arguments: [
      (0, 60), (1, 60), (2, 120), (3, 240), (4, 480), (5, 900), (6, 900), (1_000_000, 900), (Int.max, 900), (Int.min, 60),
    ] as [(Int, Int64)])
  func pauses(_ refusals: Int, _ seconds: Int64) { #expect(policy.pause(afterRefusals: refusals) == seconds * 1000) }

  @Test func whoWaitsIsToldForWhat() {
    // 2027-01-15T08:00:00Z
    guard case .fail(let error) = action(kept(failure: failed(refusal, at: 5, refusals: 2)), at: 24) else {
      return _ = Issue.record("it would be asked again")
    }
    #expect(
      error.message
        == "S was refused at 08:00:05 UTC (NotAuthorizedException: Incorrect username or password.); the next attempt is at "
        + "08:02:05 UTC, in 101 s, or when the configuration has changed")
    #expect(error.status == .tryAgain)
    #expect(error.kind == .refused)
  }
}
