import ArgumentParser
import Testing
import Unix

@testable import LogFilterCommand

struct LogFilterTests {
  @Test(arguments: [["-c", "f", "--include", "x"], ["-c", "f", "--exclude", "x"], ["--include"], ["x"], ["--bogus"]])
  func refusesAWrongCommandLine(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try LogFilter.parse(arguments) }
  }

  @Test(arguments: [
    (["--include", "a", "--include", "b("], "--include 2 is no valid pattern: missing"), (["--exclude", "["], "--exclude 1 is no"),
  ])
  func aWrongPatternIsWrongUsage(_ arguments: [String], _ message: String) throws {
    let run = try FilterRun(arguments, [])
    #expect(run.failure?.hasPrefix(message) == true)
    #expect(run.status == .usage)
  }

  @Test func patternsThatCostTooMuchAreReported() throws {
    let line = Array((String(repeating: "x", count: 500) + "\n").utf8)
    let run = try FilterRun(["--exclude", #"(x*)*\1[yz]"#], line + line + Array("fine\n".utf8))
    #expect(run.output == "fine\n")
    #expect(run.warnings.count == 2)
    #expect(run.warnings.last == #"--exclude 1 cost too much on 2 lines, which counted as matched: /(x*)*\1[yz]/"#)
  }

  @Test func aMissingConfigurationEndsIt() throws {
    #expect(try FilterRun(["-c", "/nonexistent/file.json"], []).failure != nil)
  }
}
