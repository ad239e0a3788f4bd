@testable import AWS
import Testing
import Unix

@testable import CredsCommand

@Suite struct CredentialBrokerTests {
  private let good = AWSCredentials(accessKeyId: "A", secretAccessKey: "s")

  /// Clients ask often, and who fails is overloaded as a rule.
  @Test func aSourceThatFailedIsLeftAloneForAWhile() throws {
    var results: [Result<AWSCredentials, CredentialsError>] = [
      .success(good), .failure(CredentialsError("down", .unavailable)), .failure(CredentialsError("down", .unavailable)), .success(good),
      .success(good),
    ]
    var rests: [Int64] = []
    let broker = CredentialBroker({ try results.removeFirst().get() }, rest: { rests.append($0) })
    var wasGood: [Bool] = []
    while !results.isEmpty {
      try broker.ask()
      // Waits for the end of the call.
      wasGood.append((try? broker.take(now: 0)?.get()) != nil)
    }
    #expect(wasGood == [true, false, false, true, true])
    // Before the two calls after a failure, and before no other.
    #expect(rests.count == 2 && rests.allSatisfy { (1...1_000_000_000).contains($0) })
  }
}
