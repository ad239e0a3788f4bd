import Testing
import Unix

@testable import SuperviseCommand

struct RestartPolicyTests {
  @Test func restsLongerEachTimeUpToAMinute() {
    var policy = RestartPolicy()
    let rests = (0..<8).map { _ in policy.rest(afterRunning: 0, [.exited(69), .killed(9)]) }
    #expect(rests == [1, 2, 4, 8, 16, 32, 60, 60])
  }

  @Test func fiveMinutesOfHealthMakeTheNextFailureTheFirst() {
    var policy = RestartPolicy()
    for _ in 0..<5 { _ = policy.rest(afterRunning: 299, [.exited(70)]) }
    #expect(policy.rest(afterRunning: 300, [.exited(70)]) == 1)
    #expect(policy.rest(afterRunning: 299, [.exited(70)]) == 2)
  }

  @Test(arguments: [
    ExitReason.exited(64), .exited(73), .exited(77), .exited(78), .exited(126), .exited(127), .unstartable(ENOENT), .unstartable(EACCES),
  ])
  func waitsAMinuteWhereAPersonMustAct(_ exitReason: ExitReason) {
    var policy = RestartPolicy()
    #expect(policy.rest(afterRunning: 1000, [.exited(0), exitReason, .exited(0)]) == 60)
  }

  @Test(arguments: [ExitReason.exited(0), .exited(70), .exited(75), .killed(11), .unstartable(EAGAIN), .unstartable(ENOMEM)])
  func doesNotWaitWhereTimeHeals(_ exitReason: ExitReason) {
    var policy = RestartPolicy()
    #expect(policy.rest(afterRunning: 0, [exitReason]) == 1)
  }
}
