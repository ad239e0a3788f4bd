import Testing
import Unix

@testable import AWS

/// Gives out one result after the other.
private final class Provider: CredentialsProvider {
  var results: [Result<AWSCredentials, CredentialsError>]
  private(set) var refused: [AWSCredentials?] = []

  init(_ results: Result<AWSCredentials, CredentialsError>...) { self.results = results }

  func credentials(besides refused: AWSCredentials?) throws -> AWSCredentials {
    self.refused.append(refused)
    return try results.removeFirst().get()
  }
}

extension CredentialsDesk {
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

@Suite struct CredentialsDeskTests {
  private func keys(_ name: String, minutes: Int64? = nil) -> AWSCredentials {
    AWSCredentials(
      accessKeyId: name, secretAccessKey: "s", expiration: minutes.map { Clock.realtimeMilliseconds() + $0 * 60_000 })
  }

  @Test func theyAreFetchedOnceAndThenAtHand() {
    let desk = CredentialsDesk(Provider(.success(keys("A"))))
    #expect(desk.answer == "later" && desk.answer == "later")
    #expect(desk.settle())
    #expect(desk.answer == "A" && desk.descriptor == nil)
  }

  @Test func aFailureIsToldAndAQuestionAfterAWhileAsksAgain() throws {
    var now: Int64 = 0
    let provider = Provider(
      .failure(CredentialsError("down", .unavailable)), .failure(CredentialsError("still down", .unavailable)), .success(keys("A")))
    let desk = CredentialsDesk(provider, clock: { now })
    #expect(desk.answer == "later")
    #expect(desk.settle())
    // Eight streams ask again and again.
    for _ in 0..<100 { #expect(desk.answer == "not before 2") }
    now = 1_999_999_999
    #expect(desk.answer == "not before 2" && provider.refused.count == 1)
    now = 2_000_000_000
    #expect(desk.answer == "later" && desk.settle())
    now = 5_999_999_999
    #expect(desk.answer == "not before 6")
    now = 6_000_000_000
    #expect(desk.answer == "later" && desk.settle())
    #expect(desk.answer == "A" && provider.refused.count == 3)
  }

  @Test func thePausesBetweenFetchesGrowToAMinute() {
    #expect((1...8).map(RenewalPolicy.pause) == [2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000])
  }

  @Test func whatIsRefusedIsFetchedAnew() {
    let provider = Provider(.success(keys("A")), .success(keys("B")))
    let desk = CredentialsDesk(provider)
    _ = desk.answer
    #expect(desk.settle())
    desk.refuse(keys("A"))
    // Somebody else's answer, about the same ones, comes late.
    desk.refuse(keys("A"))
    #expect(desk.answer == "later" && desk.settle())
    desk.refuse(keys("A"))
    #expect(desk.answer == "B")
    #expect(provider.refused == [nil, keys("A")])
  }

  @Test func thoseThatSeemToHaveEndedWhenTheyComeAreUsed() {
    let desk = CredentialsDesk(Provider(.success(keys("old", minutes: 0))))
    _ = desk.answer
    #expect(desk.settle())
    // They seem to have ended when they came: the clock is wrong, and they are used.
    #expect(desk.answer == "old")
  }

  @Test func withoutAProviderThereIsWhatIsThere() {
    #expect(CredentialsDesk(fixed: keys("F")).answer == "F")
    #expect(CredentialsDesk(fixed: nil).answer.contains("nothing to sign with"))
    let desk = CredentialsDesk(fixed: keys("F"))
    desk.refuse(keys("F"))
    #expect(desk.answer == "F")
  }
}
