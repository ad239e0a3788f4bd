import Testing

@testable internal import TailCommand

@Suite struct RotatedNamesTests {
  typealias Age = RotatedNames.Age

  @Test(
    arguments: [
      ("app.log.1", .number(1)), ("app.log.12.gz", .number(12)), ("app.log.0", .number(0)), ("app.log.old", .number(1)),
      ("app.log-20261125", .date("20261125")), ("app.log-20261125.gz", .date("20261125")), ("app.log-2026112513", .date("2026112513")),
      ("app.log.2026-11-25", .date("2026-11-25")), ("app.log.2026-11-25_10-00", .date("2026-11-25_10-00")),
      ("app.log-1795341600", .date("1795341600")), ("app-20261125.log", .date("20261125")),
      ("app-20261125.log.xz", .date("20261125")), ("app.log.gz", .number(1)), ("app.log.1.zst", .number(1)),
      // other logs
      ("app.log", nil), ("app.logs", nil), ("app.log.", nil), ("app.log.x", nil), ("app.log.1x", nil), ("app.log-extra", nil),
      ("other.log.1", nil), ("app2.log", nil), ("app", nil), ("", nil), ("app.error.log", nil), ("app-db.log", nil), ("app-1.log", nil),
      ("app.log-1", nil), ("app.1.log", nil), (".log", nil),
    ] as [(String, Age?)])
  func knowsTheNamesOfRotation(name: String, age: Age?) { #expect(RotatedNames.age(of: name, among: "app.log") == age) }

  @Test(arguments: [("syslog.1", Age.number(1)), ("syslog.2.gz", .number(2)), ("syslog-20261125", .date("20261125")), ("syslog1", nil)])
  func aNameWithoutAnEndingIsRotatedToo(name: String, age: Age?) { #expect(RotatedNames.age(of: name, among: "syslog") == age) }

  @Test(
    arguments: [
      ("app-2026-11-24.log", "app-####-##-##.log"), ("app-2026-11-24.log.gz", "app-####-##-##.log"), ("worker-2.log", nil), ("", nil),
    ] as [(String, String?)])
  func filesOfOneDayLookLikeThoseOfAnother(name: String, shape: String?) { #expect(RotatedNames.shape(name) == shape) }
}
