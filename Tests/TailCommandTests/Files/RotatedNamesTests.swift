internal import TestSupport
import Testing

@testable internal import TailCommand

@Suite struct RotatedNamesTests {
  /// Whether others than rotated files are hardly called so, and the numbers in it; nil: it is no older file of `app.log`.
  typealias Relation = RotatedNames.Relation

  private static func certainly(_ numbers: Int...) -> Relation { Relation(isCertain: true, numbers: numbers) }
  private static func perhaps(_ numbers: Int...) -> Relation { Relation(isCertain: false, numbers: numbers) }

  @Test(
    arguments: [
      // logrotate, newsyslog, savelog, log4j2
      ("app.log.1", certainly(1)), ("app.log.12.gz", certainly(12)), ("app.log.0", certainly(0)), ("app.log.old", certainly()),
      ("app.log.gz", certainly()), ("app.log.1.zst", certainly(1)), ("app.log.0.bz2", certainly(0)), ("app.log.1.lz4", certainly(1)),
      ("app.log-20261125", certainly(20_261_125)), ("app.log-20261125.gz", certainly(20_261_125)),
      ("app.log-2026112513", certainly(2_026_112_513)), ("app.log-1795341600", certainly(1_795_341_600)),
      // Python, Spring Boot, hours, months by name, an editor's and cp's copies
      ("app.log.2026-11-25", certainly(2026, 11, 25)), ("app.log.2026-11-25_10-00", certainly(2026, 11, 25, 10, 0)),
      ("app.log.2026-11-25.10.gz", certainly(2026, 11, 25, 10)), ("app.log.16", certainly(16)),
      ("app.log.30Nov2026-16", certainly(30, 2026, 16)), ("app.log.~1~", certainly(1)), ("app.log.bak", certainly()),
      ("app.log.2026-11-25T10:00:00Z", certainly(2026, 11, 25, 10, 0, 0)),
      // the date before the ending: logrotate's extension, pm2
      ("app-20261125.log", certainly(20_261_125)), ("app-20261125.log.xz", certainly(20_261_125)),
      ("app__2026-11-30_00-00-00.log", certainly(2026, 11, 30, 0, 0, 0)),
      // spdlog, NLog, java.util.logging, logback, Finder: as well another process's log
      ("app.1.log", perhaps(1)), ("app-1.log", perhaps(1)), ("app1.log", perhaps(1)), ("app_001.log", perhaps(1)),
      ("app (1).log", perhaps(1)), ("1.app.log", perhaps(1)), ("app2.log", perhaps(2)), ("app.log-1", perhaps(1)),
      ("app.log1", perhaps(1)), ("app.old.log", perhaps()), ("app.1.log.gz", perhaps(1)),
      // other logs
      ("app.log", nil), ("app.logs", nil), ("app.log.", nil), ("app.log.x", nil), ("app.log.1x", nil), ("app.log-extra", nil),
      ("other.log.1", nil), ("app", nil), ("", nil), ("app.error.log", nil), ("app-db.log", nil), (".log", nil), (".gz", nil),
      ("app.log.99999999999999999999999", certainly(999_999_999_999_999_999)),
    ] as [(String, Relation?)])
  func knowsTheNamesOfRotation(name: String, relation: Relation?) {
    #expect(RotatedNames.relation(of: name, to: "app.log") == relation)
    // Both ways of asking say the same.
    #expect(RotatedNames.origins(of: name).first { $0.log == "app.log" }?.relation == relation)
  }

  @Test(
    arguments: [
      ("syslog.1", certainly(1)), ("syslog.2.gz", certainly(2)), ("syslog-20261125", certainly(20_261_125)), ("syslog1", perhaps(1)),
    ] as [(String, Relation?)])
  func aNameWithoutAnEndingIsRotatedToo(name: String, relation: Relation?) {
    #expect(RotatedNames.relation(of: name, to: "syslog") == relation)
  }

  /// svlogd, s6-log and multilog.
  @Test(arguments: ["@400000006751b2c0112a880c.s", "@400000006751b2c0112a880c.u", "@400000006751b2c0112a880c.s.gz"])
  func aLabelIsAnOlderFileOfCurrent(name: String) {
    #expect(RotatedNames.relation(of: name, to: "current")?.numbers.count == 24)
    #expect(RotatedNames.relation(of: name, to: "app.log") == nil)
  }

  @Test(
    arguments: [
      ("/v/app-2026-11-24.log", "/v/app-[0-9]*-[0-9]*-[0-9]*.log"), ("/v/2026/11/24/a*.log", "/v/[0-9]*/[0-9]*/[0-9]*/a[*].log"),
      ("/v/worker-2.log", nil), ("", nil), ("/srv/app2/a-20261124.log", "/srv/app2/a-[0-9]*.log"), ("/srv/part-20261124/a.log", nil),
      ("/srv/24/2026-11/24/a.log", "/srv/24/[0-9]*-[0-9]*/[0-9]*/a.log"),
    ] as [(String, String?)])
  func filesOfOneDayLookLikeThoseOfAnother(path: String, pattern: String?) { #expect(RotatedNames.pattern(forPathsLike: path) == pattern) }

  /// So that thousands of logs beside each other are not each compared with all.
  @Test(arguments: ["app-00012.log", "00012.log", "12.log", "0-12.log", "app-0-12.log", "a.0.12.log", "12-0"])
  func aLogIsComparedWithFewOthers(log: String) throws {
    let folder = try TemporaryFolder()
    try folder.append(log, "")
    for number in 100..<400 { try folder.append(log.replacing("12", with: String(number)), "") }
    let listings = FolderListings()
    let names = RotatedNames.affixes(of: log).flatMap {
      listings.names(in: "\(folder.path)/", beginningWith: $0.beginning, endingWith: $0.ending)
    }
    #expect(names.contains(log) && Set(names).count < 20)
  }

  @Test(
    arguments: [
      ("app0.log", "app3.log"), ("app0.log", "app3.log.gz"), ("app.log", "1.app.log.xz"), ("app.log", "app-20261125.log"),
      ("app.log", "app.log.1"),
      ("0.log", "7.log"), ("app.0", "app.3.gz"), ("current", "@400000006751b2c0112a880c.s"), ("app.log", "@1.app.log"),
      ("a-0-0.log", "a-5-0.log"),
    ])
  func aLogIsComparedWithItsOlderFiles(log: String, name: String) {
    #expect(RotatedNames.relation(of: name, to: log) != nil)
    #expect(RotatedNames.affixes(of: log).contains { name.hasPrefix($0.beginning) && name.hasSuffix($0.ending) })
  }
}
