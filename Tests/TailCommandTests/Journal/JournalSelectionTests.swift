internal import Testing

@testable internal import TailCommand

@Suite struct JournalQueryTests {
  private static let fields =
    "--output-fields=MESSAGE,_HOSTNAME,SYSLOG_IDENTIFIER,_COMM,_PID,SYSLOG_PID,_SOURCE_REALTIME_TIMESTAMP,_SYSTEMD_UNIT,_SYSTEMD_USER_UNIT"
  private static let common = ["--quiet", "--no-pager", "--output=json", "--all"]

  @Test(
    arguments: [
      (JournalQuery(), .start, nil, false, []), (JournalQuery(), .start, "b1", false, ["--", "_BOOT_ID=b1"]),
      (JournalQuery(), .start, "b1", true, ["--follow", "--no-tail", "--", "_BOOT_ID=b1"]),
      (JournalQuery(), .cursor("s=1;i=2"), nil, false, ["--cursor=s=1;i=2"]),
      (JournalQuery(), .cursor("s=1;i=2"), "b", true, ["--follow", "--no-tail", "--cursor=s=1;i=2", "--", "_BOOT_ID=b"]),
      (JournalQuery(), .time(1_700_000_000_000_042), nil, false, ["--since=@1700000000.000042"]),
      (JournalQuery(), .time(-1), nil, false, ["--since=@0.000000"]),
      (JournalQuery(units: ["ssh.service", "cron*"]), .start, nil, false, ["--unit=ssh.service", "--unit=cron*"]),
      (JournalQuery(priority: "warning"), .start, nil, false, ["--priority=warning"]),
      (JournalQuery(matches: [["B": "2", "A": "1 =x"]]), .start, nil, false, ["--", "A=1 =x", "B=2"]),
      (
        JournalQuery(matches: [["A": "1"], ["B": "2", "C": "3"]]), .start, "b", false,
        ["--", "A=1", "_BOOT_ID=b", "+", "B=2", "C=3", "_BOOT_ID=b"]
      ),
      (
        JournalQuery(units: ["-x"], priority: "4", matches: [["--file": "x"]]), .cursor("--x"), nil, true,
        ["--follow", "--no-tail", "--cursor=--x", "--unit=-x", "--priority=4", "--", "--file=x"]
      ),
    ] as [(JournalQuery, JournalQuery.Origin, String?, Bool, [String])])
  func becomesArguments(query: JournalQuery, origin: JournalQuery.Origin, boot: String?, follows: Bool, arguments: [String]) {
    #expect(query.arguments(from: origin, boot: boot, follows: follows) == Self.common + [Self.fields] + arguments)
  }

  @Test(
    arguments: [
      (nil, nil, ["--lines=1"]), (nil, "b", ["--lines=1", "_BOOT_ID=b"]), (.cursor("c"), nil, ["--cursor=c"]),
      (.cursor("c"), "b", ["--cursor=c", "_BOOT_ID=b"]),
    ] as [(JournalQuery.Origin?, String?, [String])])
  func looksAtOneEntry(origin: JournalQuery.Origin?, boot: String?, arguments: [String]) {
    #expect(JournalQuery().probe(at: origin, boot: boot) == Self.common + ["--output-fields=_BOOT_ID"] + arguments)
  }

  @Test func aNamespaceIsAskedForEachTime() {
    let query = JournalQuery(namespace: "mail")
    #expect(query.probe(at: nil, boot: nil).contains("--namespace=mail"))
    #expect(query.arguments(from: .start, boot: nil, follows: true).contains("--namespace=mail"))
  }
}
