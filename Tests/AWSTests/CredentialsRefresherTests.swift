import Testing
import Unix

@testable import AWS

/// Gives out one result after the other.
private final class Provider: CredentialsResolver {
  var results: [Result<AWSCredentials, CredentialsError>]
  private(set) var refused: [AWSCredentials?] = []

  init(_ results: Result<AWSCredentials, CredentialsError>...) { self.results = results }

  func credentials(besides refused: AWSCredentials?) throws -> AWSCredentials {
    self.refused.append(refused)
    return try results.removeFirst().get()
  }
}

extension CredentialsRefresher {
  /// What it answers at once: a key, `later`, or why not.
  fileprivate var answer: String {
    switch credentials(clockOffset: 0) {
    case .ready(let credentials): credentials.accessKeyId
    case .later: "later"
    case .notBefore(let time): "not before \(time / 1_000_000_000)"
    case .failed(let error): error.message
    }
  }

  /// Waits for the fetch that is under way, as a client does; false if there is none.
  fileprivate func settle() -> Bool {
    guard let descriptor else { return false }
    var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&one, 1, 10_000) == 1)
    return collect() != nil
  }
}

@Suite struct CredentialsRefresherTests {
  private func keys(_ name: String, minutes: Int64? = nil) -> AWSCredentials {
    AWSCredentials(
      accessKeyId: name, secretAccessKey: "s", expiration: minutes.map { Clock.realtimeMilliseconds() + $0 * 60_000 })
  }

  @Test func theyAreFetchedOnceAndThenAtHand() {
    let refresher = CredentialsRefresher(Provider(.success(keys("A"))))
    #expect(refresher.answer == "later" && refresher.answer == "later")
    #expect(refresher.settle())
    #expect(refresher.answer == "A" && refresher.descriptor == nil)
  }

  @Test func aFailureIsToldAndAQuestionAfterAWhileAsksAgain() throws {
    var now: Int64 = 0
    let provider = Provider(
      .failure(CredentialsError("down", .unavailable)), .failure(CredentialsError("still down", .unavailable)), .success(keys("A")))
    let refresher = CredentialsRefresher(provider, clock: { now })
    #expect(refresher.answer == "later")
    #expect(refresher.settle())
    // Eight streams ask again and again.
    for _ in 0..<100 { #expect(refresher.answer == "not before 2") }
    now = 1_999_999_999
    #expect(refresher.answer == "not before 2" && provider.refused.count == 1)
    now = 2_000_000_000
    #expect(refresher.answer == "later" && refresher.settle())
    now = 5_999_999_999
    #expect(refresher.answer == "not before 6")
    now = 6_000_000_000
    #expect(refresher.answer == "later" && refresher.settle())
    #expect(refresher.answer == "A" && provider.refused.count == 3)
  }

  @Test func thePausesBetweenFetchesGrowToAMinute() {
    #expect((1...8).map(RenewalPolicy.pause) == [2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000])
  }

  @Test func whatIsRefusedIsFetchedAnew() {
    let provider = Provider(.success(keys("A")), .success(keys("B")))
    let refresher = CredentialsRefresher(provider)
    _ = refresher.answer
    #expect(refresher.settle())
    refresher.refuse(keys("A"))
    // Somebody else's answer, about the same ones, comes late.
    refresher.refuse(keys("A"))
    #expect(refresher.answer == "later" && refresher.settle())
    refresher.refuse(keys("A"))
    #expect(refresher.answer == "B")
    #expect(provider.refused == [nil, keys("A")])
  }

  @Test func thoseThatSeemToHaveEndedWhenTheyComeAreUsed() {
    let refresher = CredentialsRefresher(Provider(.success(keys("old", minutes: 0))))
    _ = refresher.answer
    #expect(refresher.settle())
    // They seem to have ended when they came: the clock is wrong, and they are used.
    #expect(refresher.answer == "old")
  }

  @Test func withoutAProviderThereIsWhatIsThere() {
    #expect(CredentialsRefresher(fixed: keys("F")).answer == "F")
    #expect(CredentialsRefresher(fixed: nil).answer.contains("nothing to sign with"))
    let refresher = CredentialsRefresher(fixed: keys("F"))
    refresher.refuse(keys("F"))
    #expect(refresher.answer == "F")
  }
}
