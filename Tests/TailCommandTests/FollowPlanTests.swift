import Testing

internal import Config
@testable internal import TailCommand
internal import Unix

@Suite struct FollowPlanTests {
  private static func logs(_ change: (inout Configuration.File) -> Void) -> Configuration.Logs {
    var logs = Configuration().logs
    var file = Configuration.File(filePath: "/var/log/*.log")
    change(&file)
    logs.files = [file, Configuration.File(filePath: "/var/log/auth.log")]
    return logs
  }

  @Test(arguments: [("/var/log/app.log", true), ("/var/log/noise.log", false), ("/var/log/auth.log", true), ("/srv/app.log", false)])
  func theBlacklistLeavesOut(path: String, isIncluded: Bool) throws {
    let plan = try FollowPlan(Self.logs { $0.blacklist = "^(noise|auth)" }) { _ in }
    #expect(plan.includes(path) == isIncluded)
  }

  @Test func eachEntrySaysWhereItsFilesBegin() throws {
    let plan = try FollowPlan(Self.logs { ($0.fromBeginning, $0.blacklist) = (true, "^auth") }) { _ in }
    #expect(plan.fromBeginning("/var/log/app.log") == true)
    #expect(plan.fromBeginning("/var/log/auth.log") == nil)
  }

  @Test func filesOfTheSameRulesShareAForm() throws {
    let plan = try FollowPlan(Self.logs { ($0.multiLineStartPattern, $0.blacklist) = ("^[0-9]", "^auth") }) { _ in }
    #expect(try plan.assembler("/var/log/a.log") === plan.assembler("/var/log/b.log"))
    #expect(try plan.assembler("/var/log/a.log").isMultiLine)
    #expect(try !plan.assembler("/var/log/auth.log").isMultiLine)
  }

  @Test func countsWhatWasChangedInTheBytes() throws {
    let plan = FollowPlan(paths: ["a"], followsJournal: false)
    #expect(plan.changes == nil)
    var unfinished: EventAssembler.Unfinished?
    _ = try Array("\0\0a\n".utf8).withUnsafeBytes { bytes in
      try plan.assembler("/a").forEachEvent(in: bytes, .open, unfinished: &unfinished, now: 0) { _, _, _ in }
    }
    #expect(plan.changes == "2 NUL bytes dropped")
  }

  @Test func namesOnTheCommandLineAreFollowedAsTheyAre() throws {
    let plan = FollowPlan(paths: ["a", "b*"], followsJournal: true)
    #expect(plan.patterns == ["a", "b*"] && plan.includes("/a") && plan.fromBeginning("/a") == nil)
    #expect(plan.journals.map(\.source) == ["journal"])
  }
}
