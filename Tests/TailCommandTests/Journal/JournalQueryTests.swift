internal import Testing

@testable internal import TailCommand

@Suite struct JournalQueryTests {
  private static let fields =
    "--output-fields=MESSAGE,_HOSTNAME,SYSLOG_IDENTIFIER,_COMM,_PID,SYSLOG_PID,_SOURCE_REALTIME_TIMESTAMP,_SYSTEMD_UNIT,_SYSTEMD_USER_UNIT"
  private static let common = ["--quiet", "--no-pager", "--output=json", "--all"]

  @Test(
    arguments: [
      (JournalQuery(), .boot, false, ["--boot"]),
      (JournalQuery(), .boot, true, ["--follow", "--no-tail", "--boot"]),
      (JournalQuery(), .cursor("s=1;i=2"), false, ["--cursor=s=1;i=2"]),
      (JournalQuery(), .cursor("s=1;i=2"), true, ["--follow", "--no-tail", "--cursor=s=1;i=2"]),
      (JournalQuery(), .time(1_700_000_000_000_042), false, ["--since=@1700000000.000042"]),
      (JournalQuery(), .time(-1), false, ["--since=@0.000000"]),
      (JournalQuery(units: ["ssh.service", "cron*"]), .boot, false, ["--boot", "--unit=ssh.service", "--unit=cron*"]),
      (JournalQuery(priority: "warning"), .boot, false, ["--boot", "--priority=warning"]),
      (JournalQuery(matches: [["B": "2", "A": "1 =x"]]), .boot, false, ["--boot", "--", "A=1 =x", "B=2"]),
      (JournalQuery(matches: [["A": "1"], ["B": "2", "C": "3"]]), .boot, false, ["--boot", "--", "A=1", "+", "B=2", "C=3"]),
      (
        JournalQuery(units: ["-x"], priority: "4", matches: [["--file": "x"]]), .cursor("--x"), true,
        ["--follow", "--no-tail", "--cursor=--x", "--unit=-x", "--priority=4", "--", "--file=x"]
      ),
    ] as [(JournalQuery, JournalQuery.Origin, Bool, [String])])
  func becomesArguments(query: JournalQuery, origin: JournalQuery.Origin, follows: Bool, arguments: [String]) {
    #expect(query.arguments(from: origin, follows: follows) == Self.common + [Self.fields] + arguments)
  }

  @Test(arguments: [(nil, "--lines=1"), (.cursor("c"), "--cursor=c")] as [(JournalQuery.Origin?, String)])
  func looksAtOneEntry(origin: JournalQuery.Origin?, argument: String) {
    #expect(JournalQuery.look(at: origin) == Self.common + ["--output-fields=_BOOT_ID", argument])
  }
}
