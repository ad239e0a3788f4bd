internal import Patterns
import Testing
internal import TestSupport
@testable internal import Config

struct SourceIndexTests {
  private static let logs = {
    var logs = Configuration.Logs()
    logs.files = [
      "/var/log/syslog", "/var/log/app/*.log", "/var/log/app/special.log", "/var/log/[x].log", "relative/*.txt", "/caf\u{E9}", "/srv/*/log",
      "journal",
    ].map { Configuration.File(filePath: $0) }
    var units = Configuration.Journal.journald
    units.selection.units = ["ssh"]
    logs.journald = [.journald, units]
    return logs
  }()

  @Test(
    arguments: [
      ("/var/log/syslog", SourceIndex.Entry.file(0)), ("/var/log/app/x.log", .file(1)), ("/var/log/app/special.log", .file(1)),
      ("/var/log/app/deep/x.log", nil), ("/var/log/app/.x.log", nil), ("/var/log/[x].log", .file(3)), ("/var/log/x.log", .file(3)),
      ("/home/pi/relative/a.txt", .file(4)), ("relative/a.txt", nil), ("/caf\u{E9}", .file(5)), ("/cafe\u{301}", nil),
      ("/srv/a/log", .file(6)), ("/srv/a/b/log", nil), ("journal", .journal), ("journal:priority=info", .journald(0)),
      ("journal:units=ssh;priority=info", .journald(1)), ("journal:units=cron", nil), ("", nil),
    ] as [(String, SourceIndex.Entry?)])
  func findsTheEntry(_ source: String, _ entry: SourceIndex.Entry?) throws {
    #expect(try SourceIndex(Self.logs, workingDirectory: "/home/pi").entry(of: source) == entry)
  }

  @Test func entriesKnowTheirPlaces() {
    #expect(
      Self.logs.entries.suffix(4).map(\.keyPath) == [
        "logs.logs_collected.files.collect_list[7]", "logs.logs_collected.journal", "logs.logs_collected.journald.collect_list[0]",
        "logs.logs_collected.journald.collect_list[1]",
      ])
    #expect(Self.logs.entries.allSatisfy { Self.logs[$0] != nil })
    #expect(Self.logs[.file(99)] == nil)
    #expect(Self.logs[.journald(2)] == nil)
  }

  @Test(
    arguments: [
      ("/log/a.log", SourceIndex.Entry.file(0)), ("/log/auth.log", .file(1)), ("/log/a.debug.log", nil), ("/log/auth.debug.log", nil),
      // The base name decides, not the path.
      ("/auth.d/x.log", .file(2)),
    ] as [(String, SourceIndex.Entry?)])
  func whatOneEntryLeavesOutMayBeAnothers(_ source: String, _ entry: SourceIndex.Entry?) throws {
    var logs = Configuration.Logs()
    logs.files = ["/log/*.log", "/log/auth*", "/*/x.log"].map { Configuration.File(filePath: $0) }
    logs.files[0].blacklist = #"^auth|debug"#
    logs.files[1].blacklist = "debug"
    logs.files[2].blacklist = "auth"
    #expect(try SourceIndex(logs).entry(of: source) == entry)
  }

  @Test func aBrokenBlacklistNamesItsKey() throws {
    var logs = Configuration.Logs()
    logs.files = [Configuration.File(filePath: "/a")]
    logs.files[0].blacklist = "("
    let error = try #require(thrown(PatternError.self) { _ = try SourceIndex(logs) })
    #expect(error.name == "logs.logs_collected.files.collect_list[0].blacklist")
  }

  @Test func aSectionThatIsNotCollectedHidesNoSelection() throws {
    var logs = Configuration.Logs()
    logs.journald = [.journald]
    logs.journal.selection = Configuration.Journal.journald.selection
    #expect(try SourceIndex(logs).entry(of: "journal:priority=info") == .journald(0))
  }
}
