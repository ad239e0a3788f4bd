@testable import Config
internal import TestSupport
import Testing
import Unix

@testable import LogFilterCommand
@testable import Patterns

struct SourceRulesTests {
  private func logs(_ files: [(String, [String])], journal: [String] = []) -> Configuration.Logs {
    var logs = Configuration().logs
    logs.files = files.map { path, patterns in
      var file = Configuration.File(filePath: path)
      file.settings.patterns.include = patterns
      return file
    }
    logs.journal.settings.patterns = .init(exclude: journal)
    return logs
  }

  static let sources: [(String, String?)] = [
    ("/var/log/syslog", "first"), ("/var/log/app/x.log", "glob"), ("/var/log/app/special.log", "glob"), ("/var/log/app/deep/x.log", nil),
    ("/var/log/app/.x.log", nil), ("/var/log/[x].log", "literal"), ("/var/log/other", nil), ("journal", "journal"), ("/var/log/quiet", nil),
  ]
  @Test(arguments: sources)
  func theFirstEntryThatNamesTheSourceCounts(_ source: String, _ pattern: String?) throws {
    let rules = try SourceRules(
      logs(
        [
          ("/var/log/syslog", ["first"]), ("/var/log/syslog", ["second"]), ("/var/log/app/*.log", ["glob"]),
          ("/var/log/app/special.log", ["own"]),
          ("/var/log/[x].log", ["literal"]), ("/var/log/quiet", []),
        ], journal: ["journal"]), warn: { _ in })
    let found = rules.rules(for: source)
    #expect((found.map { $0.include.patterns + $0.exclude.patterns })?.first?.text == pattern)
  }

  @Test func equalListsAreCompiledOnce() throws {
    let rules = try SourceRules(logs([("/a", ["x"]), ("/b", ["x"]), ("/c", ["y"])]), warn: { _ in })
    #expect(rules.distinct.count == 2)
    #expect(rules.rules(for: "/a") === rules.rules(for: "/b"))
  }

  @Test func filtersMakeRulesOfTheirOwn() throws {
    var logs = logs([("/a", ["x"]), ("/b", ["x"]), ("/c", [])])
    logs.files[1].settings.filters = [.init(.exclude, "y")]
    logs.files[2].settings.filters = [.init(.exclude, "y")]
    let rules = try SourceRules(logs, warn: { _ in })
    #expect(rules.distinct.count == 3)
    #expect(rules.rules(for: "/c")?.filters.map(\.mustMatch) == [false])
    logs.files[2].settings.filters = [.init(.include, "y(")]
    let error = try #require(thrown(PatternError.self) { _ = try SourceRules(logs, warn: { _ in }) })
    #expect(error.name == "logs.logs_collected.files.collect_list[2].filters[0].expression")
  }

  @Test func accentsWrittenInTwoWaysAreTwoFilesAndTwoPatterns() throws {
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    let rules = try SourceRules(logs([("/" + composed, [composed]), ("/" + decomposed, [decomposed])]), warn: { _ in })
    #expect(rules.distinct.count == 2)
    for name in [composed, decomposed] {
      #expect(rules.rules(for: "/" + name)?.include.patterns.first.map { Array($0.text.utf8) } == Array(name.utf8))
    }
  }

  @Test func aFaultNamesItsKey() throws {
    var bad = logs([("/a", ["x"]), ("/b", ["x", "y("])])
    let error = try #require(thrown(PatternError.self) { _ = try SourceRules(bad, warn: { _ in }) })
    #expect(error.message.hasPrefix("logs.logs_collected.files.collect_list[1].include_patterns[1] is no valid pattern: missing closing"))
    #expect(error.status == .badConfiguration)
    bad = logs([], journal: ["["])
    let other = try #require(thrown(PatternError.self) { _ = try SourceRules(bad, warn: { _ in }) })
    #expect(other.name == "logs.logs_collected.journal.exclude_patterns[0]")
  }
}
