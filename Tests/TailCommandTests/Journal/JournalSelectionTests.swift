internal import Testing

@testable internal import Config
@testable internal import TailCommand

@Suite struct JournalSelectionTests {
  private static let fields =
    "--output-fields=MESSAGE,_HOSTNAME,SYSLOG_IDENTIFIER,_COMM,_PID,SYSLOG_PID,_SOURCE_REALTIME_TIMESTAMP,_SYSTEMD_UNIT,_SYSTEMD_USER_UNIT"
  private static let common = ["--quiet", "--no-pager", "--output=json", "--all"]

  @Test(
    arguments: [
      (JournalSelection(), .start, nil, false, []), (JournalSelection(), .start, "b1", false, ["--", "_BOOT_ID=b1"]),
      (JournalSelection(), .start, "b1", true, ["--follow", "--no-tail", "--", "_BOOT_ID=b1"]),
      (JournalSelection(), .cursor("s=1;i=2"), nil, false, ["--cursor=s=1;i=2"]),
      (JournalSelection(), .cursor("s=1;i=2"), "b", true, ["--follow", "--no-tail", "--cursor=s=1;i=2", "--", "_BOOT_ID=b"]),
      (JournalSelection(), .time(1_700_000_000_000_042), nil, false, ["--since=@1700000000.000042"]),
      (JournalSelection(), .time(-1), nil, false, ["--since=@0.000000"]),
      (JournalSelection(units: ["ssh.service", "cron*"]), .start, nil, false, ["--unit=ssh.service", "--unit=cron*"]),
      (JournalSelection(priority: .warning), .start, nil, false, ["--priority=warning"]),
      (JournalSelection(matches: [["B": "2", "A": "1 =x"]]), .start, nil, false, ["--", "A=1 =x", "B=2"]),
      (
        JournalSelection(matches: [["A": "1"], ["B": "2", "C": "3"]]), .start, "b", false,
        ["--", "A=1", "_BOOT_ID=b", "+", "B=2", "C=3", "_BOOT_ID=b"]
      ),
      (
        JournalSelection(units: ["-x"], priority: .warning, matches: [["--file": "x"]]), .cursor("--x"), nil, true,
        ["--follow", "--no-tail", "--cursor=--x", "--unit=-x", "--priority=warning", "--", "--file=x"]
      ),
    ] as [(JournalSelection, JournalSelection.Origin, String?, Bool, [String])])
  func becomesArguments(query: JournalSelection, origin: JournalSelection.Origin, boot: String?, follows: Bool, arguments: [String]) {
    #expect(query.arguments(from: origin, boot: boot, follows: follows) == Self.common + [Self.fields] + arguments)
  }

  @Test(
    arguments: [
      (nil, nil, ["--lines=1"]), (nil, "b", ["--lines=1", "_BOOT_ID=b"]), (.cursor("c"), nil, ["--cursor=c"]),
      (.cursor("c"), "b", ["--cursor=c", "_BOOT_ID=b"]),
    ] as [(JournalSelection.Origin?, String?, [String])])
  func looksAtOneEntry(origin: JournalSelection.Origin?, boot: String?, arguments: [String]) {
    #expect(JournalSelection().probe(at: origin, boot: boot) == Self.common + ["--output-fields=_BOOT_ID"] + arguments)
  }

  @Test func aNamespaceIsAskedForEachTime() {
    let query = JournalSelection(namespace: "mail")
    #expect(query.probe(at: nil, boot: nil).contains("--namespace=mail"))
    #expect(query.arguments(from: .start, boot: nil, follows: true).contains("--namespace=mail"))
  }
}
