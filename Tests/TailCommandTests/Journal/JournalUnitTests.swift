internal import Testing
internal import Unix

@testable internal import TailCommand

@Suite struct JournalUnitTests {
  @Test(
    arguments: [
      ("0::/system.slice/publisher.service\n", "publisher.service", nil),
      ("0::/system.slice/system-cw.slice/publisher@a.service/part/deeper", "publisher@a.service", nil),
      ("4:memory:/x.service\n1:name=systemd:/system.slice/publisher.service\n0::/", "publisher.service", nil),
      ("1:name=systemd:/\n0::/system.slice/publisher.service", nil, nil),
      ("0::/system.slice/_cpu.service", "cpu.service", nil),
      ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/publisher.service", "user@1000.service", "publisher.service"),
      ("0::/user.slice/user-1000.slice/user@1000.service/init.scope", nil, nil),
      ("0::/user.slice/user-1000.slice/user@1000.service", nil, nil),
      ("0::/user.slice/user-1000.slice/session-3.scope", nil, nil),
      ("0::/system.slice/docker-0123.scope", nil, nil), ("0::/", nil, nil), ("", nil, nil), ("0", nil, nil), ("::", nil, nil),
      ("5:cpu:/system.slice/publisher.service", nil, nil),
    ] as [(String, String?, String?)])
  func isFoundInTheControlGroup(text: String, unit: String?, userUnit: String?) {
    let found = JournalUnit(cgroup: text)
    #expect(found?.unit == unit)
    #expect(found?.userUnit == userUnit)
  }

  @Test(
    arguments: [
      ("/system.slice/p.service", #""_SYSTEMD_UNIT":"p.service""#, true),
      ("/system.slice/p.service", #""_SYSTEMD_UNIT":"pp.service""#, false),
      ("/system.slice/p.service", #""_SYSTEMD_UNIT":"p.service2""#, false),
      ("/system.slice/p.service", #""_SYSTEMD_UNIT":"p.servic""#, false),
      ("/system.slice/p.service", #""_SYSTEMD_UNIT":null"#, false),
      ("/system.slice/p.service", #""_SYSTEMD_USER_UNIT":"p.service""#, false),
      ("/system.slice/p.service", #""UNIT":"p.service","_SYSTEMD_UNIT":"init.scope""#, false),
      (#"/system.slice/p\x2dq.service"#, #""_SYSTEMD_UNIT":"p\\x2dq.service""#, true),
      (#"/system.slice/p\x2dq.service"#, #""_SYSTEMD_UNIT":"p\\""#, false),
      ("/user@1.service/p.service", #""_SYSTEMD_UNIT":"user@1.service","_SYSTEMD_USER_UNIT":"p.service""#, true),
      ("/user@1.service/p.service", #""_SYSTEMD_UNIT":"user@1.service","_SYSTEMD_USER_UNIT":"q.service""#, false),
      ("/user@1.service/p.service", #""_SYSTEMD_UNIT":"user@2.service","_SYSTEMD_USER_UNIT":"p.service""#, false),
      ("/user@1.service/p.service", #""_SYSTEMD_UNIT":"user@1.service""#, false),
    ] as [(String, String, Bool)])
  func knowsItsOwnEntries(path: String, fields: String, isOwn: Bool) throws {
    let unit = try #require(JournalUnit(cgroup: "0::\(path)"))
    let line = Array(#"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"1",\#(fields)}"#.utf8)
    try line.withUnsafeBytes { bytes in
      let entry = try #require(JournalEntry(bytes))
      #expect(unit.wrote(entry) == isOwn)
    }
  }
}
