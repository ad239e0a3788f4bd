import Testing

@testable import AWS
@testable import Delivery

@Suite struct RetryMessagesTests {
  private func error(_ kind: AWSError.Kind, _ detail: String) -> AWSError {
    AWSError(kind: kind, code: "", detail: detail, host: "here", operation: "X")
  }

  /// Two kinds by turns were said each time.
  @Test func eachKindIsSaidOnceAMinute() {
    var now: Int64 = 0
    var said: [String] = []
    let messages = RetryMessages(clock: { now }, warn: { said.append($0) })
    for number in 0..<10 {
      messages.report(error(.throttled, "slow \(number)"), attempt: 1, pauseMilliseconds: 1)
      messages.report(error(.transient, "down \(number)"), attempt: 1, pauseMilliseconds: 1)
    }
    #expect(said == ["X failed: slow 0; trying again", "X failed: down 0; trying again"])
    now = 60_000_000_000
    messages.report(error(.throttled, "slow"), attempt: 1, pauseMilliseconds: 1)
    #expect(said.count == 3)
  }
}
