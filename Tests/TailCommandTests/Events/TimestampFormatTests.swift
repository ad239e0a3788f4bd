import Testing

internal import Config
@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite struct TimestampFormatTests {
  // 2026-11-22T22:00:00Z
  private static let now: Int64 = 1_795_384_800_000

  private func find(_ format: String, _ line: String, now: Int64 = now) throws -> (timestamp: Int64, text: String)? {
    let bytes = Array(line.utf8)
    let format = try TimestampFormat(format, zone: .utc)
    guard let match = bytes.withUnsafeBytes({ format.find(in: $0, now: now) }) else { return nil }
    return (match.timestamp, String(decoding: bytes[match.range], as: UTF8.self))
  }

  /// Times and texts by Python's datetime.
  @Test(
    arguments: [
      ("%Y-%m-%d %H:%M:%S", "2026-11-22 10:11:12 x", 1_795_342_272_000, "2026-11-22 10:11:12"),
      ("%Y-%m-%d %H:%M:%S,%f", "a [2026-11-22 10:11:12,5] x", 1_795_342_272_500, "2026-11-22 10:11:12,5"),
      ("%Y-%m-%dT%H:%M:%S.%f%z", "2026-11-22T10:11:12.123456789+01:00", 1_795_338_672_123, "2026-11-22T10:11:12.123456789+01:00"),
      ("%Y-%m-%dT%H:%M:%S%z", "2026-11-22T10:11:12Z", 1_795_342_272_000, "2026-11-22T10:11:12Z"),
      ("%Y-%m-%dT%H:%M:%S%z", "2026-11-22T10:11:12-0530", 1_795_362_072_000, "2026-11-22T10:11:12-0530"),
      ("%Y-%m-%dT%H:%M:%S%z", "2026-11-22T10:11:12+02", 1_795_335_072_000, "2026-11-22T10:11:12+02"),
      ("%Y-%m-%dT%H:%M:%S%z", "2026-11-22T10:11:12+02: x", 1_795_335_072_000, "2026-11-22T10:11:12+02"),
      ("%d/%b/%Y:%H:%M:%S %z", #"::1 - - [22/Nov/2026:10:11:12 +0000] "GET"#, 1_795_342_272_000, "22/Nov/2026:10:11:12 +0000"),
      ("%b %d %H:%M:%S", "Nov  2 10:11:12 pi cron", 1_793_614_272_000, "Nov  2 10:11:12"),
      ("%b %-d %H:%M:%S", "Nov 22 10:11:12 pi cron", 1_795_342_272_000, "Nov 22 10:11:12"),
      ("%B %e, %Y", "on September 9, 2026.", 1_788_912_000_000, "September 9, 2026"),
      ("%b %d %Y", "SEPTEMBER 09 2026", 1_788_912_000_000, "SEPTEMBER 09 2026"),
      ("%B %d %Y", "may 09 2026", 1_778_284_800_000, "may 09 2026"),
      ("%A, %d %b %y %I:%M %p", "Sunday, 22 Nov 26 12:05 AM", 1_795_305_900_000, "Sunday, 22 Nov 26 12:05 AM"),
      ("%a %d %b %y %-I:%-M:%-S %p", "Sun 22 Nov 26 1:5:7 pm", 1_795_352_707_000, "Sun 22 Nov 26 1:5:7 pm"),
      ("%m/%d/%y %H:%M", "1/2/69 00:00 1/2/70 00:00", 86_400_000, "1/2/70 00:00"), ("%d.%m.%y", "03.04.68", 3_100_636_800_000, "03.04.68"),
      ("%Y-%m-%d %H:%M:%S %Z", "2026-11-22 10:11:12 GMT", 1_795_342_272_000, "2026-11-22 10:11:12 GMT"),
      ("%Y-%m-%d %H:%M:%S %Z", "2026-11-22 10:11:12 CEST", 1_795_342_272_000, "2026-11-22 10:11:12 CEST"),
      ("%Y-%m-%d %H:%M:%S %Z", "2026-11-22 10:11:12 +0100", 1_795_338_672_000, "2026-11-22 10:11:12 +0100"),
      ("%Y%m%d%H%M%S", "20261122101112", 1_795_342_272_000, "20261122101112"), ("%Y-%m-%d", "2000-02-29", 951_782_400_000, "2000-02-29"),
      ("%Y-%m-%d %H:%M:%S", "2016-12-31 23:59:60", 1_483_228_800_000, "2016-12-31 23:59:60"),
      ("100%% %Y-%m-%d", "100% 2026-11-22", 1_795_305_600_000, "100% 2026-11-22"),
      ("%Y-%m-%d", "2026-02-31 2026-11-22", 1_795_305_600_000, "2026-11-22"),
      ("%d/%b/%Y", "105/Nov/2026 5/Nov/2026", 1_793_836_800_000, "5/Nov/2026"),
      ("%H:%M:%S", "at 21:00:00", 1_795_381_200_000, "21:00:00"), ("%H:%M:%S", "at 01:00:00", 1_795_395_600_000, "01:00:00"),
      ("%H:%M", "00:30 +", 1_795_393_800_000, "00:30"),
      // MariaDB, before ten o'clock.
      ("%Y-%m-%d %H:%M:%S", "2026-11-22  9:11:12 0 [Note]", 1_795_338_672_000, "2026-11-22  9:11:12"),
      ("%H:%M:%S", " 9:11:12 x", 1_795_338_672_000 + 86_400_000, " 9:11:12"),
      ("%Y-%m-%d %k", "2026-11-22  9", 1_795_338_000_000, "2026-11-22  9"),
      ("%Y-%m-%d %l %p", "2026-11-22  9 pm", 1_795_381_200_000, "2026-11-22  9 pm"),
      ("%d-%b-%Y", "09-Sept-2026", 1_788_912_000_000, "09-Sept-2026"), ("%b%d %Y", "Sep09 2026", 1_788_912_000_000, "Sep09 2026"),
      ("%a %d %B %Y", "Thurs 9 sept 2026", 1_788_912_000_000, "Thurs 9 sept 2026"),
      ("%Y-%m-%d %H:%M:%S %Z", "2026-11-22 10:11:12 UTC+02:00 x", 1_795_335_072_000, "2026-11-22 10:11:12 UTC+02:00"),
      ("%Y-%m-%d %H:%M:%S %Z", "2026-11-22 10:11:12 GMT-0530", 1_795_362_072_000, "2026-11-22 10:11:12 GMT-0530"),
      ("%Y-%m-%d %H:%M:%S %Z", "2026-11-22 10:11:12 UTC+2", 1_795_335_072_000, "2026-11-22 10:11:12 UTC+2"),
      ("%Y-%m-%d %H:%M:%S %Z", "2026-11-22 10:11:12 UTC+x", 1_795_342_272_000, "2026-11-22 10:11:12 UTC"),
      // Java's Instant and Python's isoformat leave a fraction of nought out.
      ("%Y-%m-%dT%H:%M:%S.%f%z", "2026-11-22T10:11:12Z x", 1_795_342_272_000, "2026-11-22T10:11:12Z"),
      ("%Y-%m-%d %H:%M:%S,%f", "2026-11-22 10:11:12 x", 1_795_342_272_000, "2026-11-22 10:11:12"),
      ("%Y-%m-%d %H:%M:%S.%f", "2026-11-22 10:11:12. x", 1_795_342_272_000, "2026-11-22 10:11:12"),
      ("%s", "[1795342272] x", 1_795_342_272_000, "1795342272"), ("%s", "12345 1795342272123 x", 1_795_342_272_123, "1795342272123"),
      ("%s", "17953422721234567 1795342272123456", 1_795_342_272_123, "1795342272123456"),
      ("%s", #"{"time":1795342272123456789}"#, 1_795_342_272_123, "1795342272123456789"),
      ("%s.%f", "1795342272.5 192.0.2.1", 1_795_342_272_500, "1795342272.5"), ("%s.%f", "1795342272", 1_795_342_272_000, "1795342272"),
      ("%FT%T.%f%z", "2026-11-22T10:11:12.5+01:00", 1_795_338_672_500, "2026-11-22T10:11:12.5+01:00"),
      ("%FT%T%z", "2026-11-22T10:11:12Z", 1_795_342_272_000, "2026-11-22T10:11:12Z"),
      ("%D %R", "11/22/26 10:11", 1_795_342_260_000, "11/22/26 10:11"),
      ("%G-W%V-%uT%T%z", "2026-W47-7T10:11:12Z", 1_795_342_272_000, "2026-W47-7T10:11:12Z"),
      ("%G-W%V", "2026-W53", 1_798_416_000_000, "2026-W53"), ("%GW%V%u", "2025W011", 1_735_516_800_000, "2025W011"),
      ("%Y-%jT%H:%M", "2026-326T10:11", 1_795_342_260_000, "2026-326T10:11"), ("%y%j", "24366", 1_735_603_200_000, "24366"),
      ("%b %d %Y %p%I", "Jan 01 1970 AM12", 0, "Jan 01 1970 AM12"),
    ] as [(String, String, Int64, String)])
  func reads(format: String, line: String, timestamp: Int64, text: String) throws {
    let found = try find(format, line)
    #expect(found?.timestamp == timestamp)
    #expect(found?.text == text)
  }

  @Test(
    arguments: [
      ("%Y-%m-%d", ""), ("%Y-%m-%d", "2026-11-x2 26-11-22"), ("%Y-%m-%d", "2026-02-29"), ("%Y-%m-%d", "2026-13-01"),
      ("%Y-%m-%d", "2026-00-01"),
      ("%Y-%m-%d", "2026-04-31"), ("%Y-%m-%d", "1900-02-29"), ("%Y-%m-%d", "1969-12-31"), ("%Y-%m-%d", "2026-11-"),
      ("%Y-%m-%d %H:%M", "2026-11-22 24:00"),
      ("%Y-%m-%d %H:%M", "2026-11-22 1:00"), ("%Y-%m-%d %H:%M", "2026-11-22 10:60"), ("%Y-%m-%d %I %p", "2026-11-22 13 PM"),
      ("%Y-%m-%d %I %p", "2026-11-22 00 AM"), ("%Y-%m-%d %I %p", "2026-11-22 10 XM"), ("%b %d %Y", "Nox 22 2026"),
      ("%b %d %Y", "Nö 22 2026"),
      ("%s", "123456789 12345678901 x1"), ("%s", "12345678901x12345678901234567890"), ("%G-W%V", "2025-W53"), ("%G-W%V", "2026-W54"),
      ("%G-W%V", "2026-W00"), ("%G-W%V-%u", "2026-W47-8"), ("%Y-%j", "2026-366"), ("%Y-%j", "2026-000"),
      ("%Y-%m-%d %H:%M", "2026-11-22  10:00"), ("%Y-%m-%d %H:%M", "2026-11-22   9:00"),
      ("%Y-%m-%d%z", "2026-11-22+2"), ("%Y-%m-%d%z", "2026-11-22+24:00"), ("%Y-%m-%d-%f", "2026-11-22-"),
      ("%Y-%m-%d %Z", "2026-11-22 toolong"),
      ("%Y-%m-%d %Z", "2026-11-22 ?"), ("%a %d %b", "Xyz 22 Nov"),
    ])
  func findsNone(format: String, line: String) throws { #expect(try find(format, line)?.text == nil) }

  /// The year that brings it nearest to now, and at most a day after it.
  @Test(
    arguments: [
      ("Dec 31 23:59", 1_798_761_660_000, 1_798_761_540_000),  // read on 2027-01-01 at 00:01
      ("Jan 01 00:01", 1_798_761_540_000, 1_798_761_660_000),  // by a clock that is ahead
      ("Nov 23 10:00", 1_795_384_800_000, 1_795_428_000_000), ("Nov 24 10:00", 1_795_384_800_000, 1_763_978_400_000),
      ("Feb 29 00:00", 1_795_384_800_000, 1_709_164_800_000), ("Feb 29 00:00", 4_107_542_400_000, 3_981_312_000_000),
    ] as [(String, Int64, Int64)])
  func theYearIsTheNearest(text: String, now: Int64, timestamp: Int64) throws {
    #expect(try find("%b %d %H:%M", text, now: now)?.timestamp == timestamp)
  }

  /// Docker writes it at the end of the line.
  @Test(arguments: [0, 1023, 1024, 1_000_000])
  func theWholeLineIsSearched(before: Int) throws {
    let line = #"{"log":"\#(String(repeating: "x", count: before))\n","stream":"stdout","time":"2026-11-22T10:11:12.123456789Z"}"#
    let found = try find("%Y-%m-%dT%H:%M:%S.%f%z", line)
    #expect(found?.timestamp == 1_795_342_272_123)
    #expect(found?.text == "2026-11-22T10:11:12.123456789Z")
  }

  @Test(
    arguments: [
      "%Q", "%", "%-", "%-Y", "%1", "", "x", "%%", "%Y", "%m-%Y", "%d %H:%M", "%Y %H:%M", "%M:%S", "%\u{E9}", "%G", "%V-%u", "%j", "%d %j",
    ])
  func refuses(format: String) {
    #expect(throws: ConfigurationError.self) { try TimestampFormat(format, zone: .utc) }
  }

  /// Lines with a byte or two changed: what is found lies in the line, and is a time that a clock can show.
  @Test(
    arguments: [
      ("%A, %d %B %Y %I:%M:%S.%f %p %z", "Sunday, 22 November 2026 10:11:12.5 AM +01:00"),
      ("%a %-d %b %y %-I:%-M:%-S %p %Z", "Sun 22 Nov 26 1:5:7 PM UTC"),
      ("%b %e %-H:%M:%S", "Nov 22 10:11:12"), ("%G-W%V-%u %k", "2026-W47-7 10"), ("%s.%f", "1795342272.5"), ("%Y-%j", "2026-326"),
      ("%m/%d %H%%", "11/22 10%"),
    ])
  func anyBytesAreTaken(format: String, line: String) throws {
    let format = try TimestampFormat(format, zone: .utc)
    var random = SeededGenerator(1)
    var found = 0
    for _ in 0..<3000 {
      var bytes = Array("x \(line) y".utf8)
      for _ in 0..<random.pick(0...2) {
        let place = random.pick(0...bytes.count - 1)
        if random.oneIn(3) {
          bytes.remove(at: place)
        } else {
          bytes[place] = random.oneIn(2) ? random.bytes(count: 1)[0] : UInt8(random.pick(0x30...0x39))
        }
      }
      if random.oneIn(5) { bytes.removeLast(random.pick(0...bytes.count)) }
      guard let match = bytes.withUnsafeBytes({ format.find(in: $0, now: Self.now) }) else { continue }
      found += 1
      #expect(!match.range.isEmpty && match.range.upperBound <= bytes.count)
      #expect((0..<253_402_300_800_000).contains(match.timestamp))
    }
    #expect((300...2999).contains(found))
  }
}
