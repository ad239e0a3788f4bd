internal import Records
internal import Testing
internal import TestSupport
internal import Unix

@testable internal import TailCommand

@Suite struct JournalEntryTests {
  /// The text without its time; nil if there is no message.
  private func text(_ fields: String) throws -> String? {
    let line = Array(#"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"1700000000000000"\#(fields)}"#.utf8)
    return try line.withUnsafeBytes { bytes in
      let entry = try #require(JournalEntry(bytes))
      let buffer = ByteBuffer()
      buffer.append("kept")
      var stamp = JournalStamp()
      guard entry.appendText(to: buffer, &stamp) else {
        #expect(buffer.text == "kept")
        return nil
      }
      return String(decoding: buffer.array.dropFirst(4 + 15), as: UTF8.self)
    }
  }

  @Test(
    arguments: [
      (#","_HOSTNAME":"pi","SYSLOG_IDENTIFIER":"sshd","_PID":"42","MESSAGE":"hello""#, " pi sshd[42]: hello"),
      (#","MESSAGE":"hello""#, " unknown: hello"), (#","_COMM":"sh","SYSLOG_PID":"7","MESSAGE":"x""#, " sh[7]: x"),
      (#","_COMM":"sh","SYSLOG_IDENTIFIER":"me","_PID":"1","SYSLOG_PID":"7","MESSAGE":"x""#, " me[1]: x"),
      (#","MESSAGE":"a\nb\u0000\u00e4\"\\""#, " unknown: a\nb\0ä\"\\"), (#","MESSAGE":[104,105,10,200]"#, " unknown: hi\n\u{FFFD}"),
      (#","MESSAGE":["one","two"]"#, " unknown: one\ntwo"), (#","MESSAGE":["one",[116,119,111],null,"","x"]"#, " unknown: one\ntwo\n\nx"),
      (#","MESSAGE":[[1],"b"]"#, " unknown: \u{1}\nb"), (#","MESSAGE":"""#, nil), (#","MESSAGE":null"#, nil), (#","MESSAGE":[]"#, nil),
      ("", nil),
      (#","MESSAGE":[null]"#, nil), (#","MESSAGE":[[[[1]]]]"#, nil), (#","MESSAGE":{"a":"b"}"#, nil), (#","MESSAGE":true"#, nil),
      (#","SYSLOG_IDENTIFIER":["a","b"],"_HOSTNAME":null,"MESSAGE":" ""#, "  a\nb:  "),
      (#","EXTRA":{"x":[1]},"MESSAGE":"m""#, " unknown: m"),
    ] as [(String, String?)])
  func isTextAsJournalctlPrintsIt(fields: String, expected: String?) throws { #expect(try text(fields) == expected) }

  @Test(arguments: [
    "", "{}", "[]", "-- No entries --", #"{"__CURSOR":"c"}"#, #"{"__REALTIME_TIMESTAMP":"1"}"#,
    #"{"__CURSOR":"","__REALTIME_TIMESTAMP":"1"}"#,
    #"{"__CURSOR":null,"__REALTIME_TIMESTAMP":"1"}"#, #"{"__CURSOR":"c","__REALTIME_TIMESTAMP":1}"#,
    #"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"-1"}"#, #"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"1x"}"#,
    #"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"99999999999999999999"}"#, #"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"1","MESSAGE":"half"#,
    #"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"1"} {}"#, "{\"__CURSOR\":\"c\",\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":\"\u{1}\"}",
  ])
  func refusesWhatIsNoEntry(line: String) { Array(line.utf8).withUnsafeBytes { #expect(JournalEntry($0) == nil) } }

  /// When journald stamped the entry, by both of its clocks, and how long after the boot that was. The machine booted at 100 s by its
  /// present clock, now is 900 s later, and it was suspended for 300 s of them.
  @Test(
    arguments: [
      // Before it slept; after it; in between.
      (110, 10, 10), (900, 500, 800), (400, 200, 300),
      // By a clock that was behind, and by one that was ahead.
      (50, 10, 10), (5000, 500, 800),
    ] as [(Int64, Int64, Int64)])
  func tellsTheClockThatStampedIt(_ realtime: Int64, _ monotonic: Int64, _ sinceBoot: Int64) throws {
    let line =
      #"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"\#(realtime)000000","__MONOTONIC_TIMESTAMP":"\#(monotonic)000000","_BOOT_ID":"5f0c2a178d0e4c7c9d0f0c6e0a1b2c3d"}"#
    let clock = try Array(line.utf8).withUnsafeBytes { bytes in
      try #require(JournalEntry(bytes)).clock(now: Clock.Reading(realtime: 1_000_000, sinceBoot: 900_000), awake: 600_000)
    }
    #expect(clock == RecordClock(boot: 0x5f0c_2a17, reading: Clock.Reading(realtime: realtime * 1000, sinceBoot: sinceBoot * 1000)))
  }

  @Test func theLineShowsWhenItWasWritten() throws {
    let line = Array(
      #"{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1700000002000000","_SOURCE_REALTIME_TIMESTAMP":"1700000001999999","MESSAGE":"m"}"#
        .utf8)
    try line.withUnsafeBytes { bytes in
      let entry = try #require(JournalEntry(bytes))
      #expect(entry.time == 1_700_000_002_000_000)
      #expect(entry.cursor.text == "s=1;i=2")
      let (got, expected) = (ByteBuffer(), ByteBuffer())
      var (stamp, other) = (JournalStamp(), JournalStamp())
      #expect(entry.appendText(to: got, &stamp))
      other.append(1_700_000_001_000_000, to: expected)
      #expect(got.text == expected.text + " unknown: m")
    }
  }

  @Test func survivesDamage() throws {
    var random = SeededGenerator(11)
    let good = Array(
      #"{"__CURSOR":"c","MESSAGE":["a",[255,0],null],"__REALTIME_TIMESTAMP":"17","_PID":"4","_SYSTEMD_UNIT":"a\\x2d.service"}"#.utf8)
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0..<random.pick(1...4) { bytes[random.pick(0...bytes.count - 1)] = random.bytes(count: 1)[0] }
      if random.oneIn(3) { bytes.removeLast(random.pick(1...bytes.count)) }
      bytes.withUnsafeBytes { raw in
        guard let entry = JournalEntry(raw) else { return }
        let buffer = ByteBuffer()
        var stamp = JournalStamp()
        _ = entry.appendText(to: buffer, &stamp)
        _ = JournalUnit(cgroup: "0::/a\\x2d.service")?.wrote(entry)
      }
    }
  }
}
