import Testing

internal import Config
@testable internal import TailCommand
internal import Unix

@Suite struct TimestampFieldsTests {
  /// Against libc, for every day from 1900 to 2243.
  @Test func daysAreThoseOfTheCalendar() {
    for day in Int64(-25_567)...100_000 {
      var seconds = time_t(day * 86_400)
      var fields = tm()
      gmtime_r(&seconds, &fields)
      let year = Int(fields.tm_year) + 1900
      guard DateTime.day(year, Int(fields.tm_mon) + 1, Int(fields.tm_mday)) == day, TimestampFields.year(ofDay: day) == max(year, 1970)
      else {
        Issue.record("day \(day)")
        return
      }
    }
    #expect(DateTime.day(10_000, 1, 1) == nil && DateTime.day(-1, 1, 1) == nil && DateTime.day(2026, 1, 0) == nil)
    for day in [Int64.min, .max] { #expect([1970, 9999].contains(TimestampFields.year(ofDay: day))) }
  }

  /// Against libc, for every week and day of the year from 1970 to 2243.
  @Test func weeksAreThoseOfISO8601() {
    for day in Int64(0)...100_000 {
      var seconds = time_t(day * 86_400)
      var fields = tm()
      gmtime_r(&seconds, &fields)
      var text = [CChar](repeating: 0, count: 32)
      let length = strftime(&text, text.count, "%G %V %u %Y %j", &fields)
      let numbers = text.prefix(length).map { UInt8(bitPattern: $0) }.split(separator: 0x20).compactMap {
        Int(String(decoding: $0, as: UTF8.self))
      }
      guard numbers.count == 5, TimestampFields.day(numbers[0], week: numbers[1], weekday: numbers[2]) == day,
        TimestampFields.day(numbers[3], dayOfYear: numbers[4]) == day
      else {
        Issue.record("day \(day): \(numbers)")
        return
      }
    }
    #expect(TimestampFields.day(9999, week: 52, weekday: 7) != nil && TimestampFields.day(9999, week: 53, weekday: 1) == nil)
  }

  /// Berlin's rules, written out, so that no data base of zones is needed.
  @Test func aLocalTimeIsThatOfTZ() throws {
    let old = getenv("TZ").map { String(cString: $0) }
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1)
    defer { if let old { setenv("TZ", old, 1) } else { unsetenv("TZ") } }
    let clock = ZoneClock(.local)
    func seconds(_ month: Int, _ day: Int, _ hour: Int, _ minute: Int) throws -> Int64? {
      clock.seconds(try #require(DateTime.day(2026, month, day)) * 86_400 + Int64(hour * 3600 + minute * 60))
    }
    #expect(try seconds(1, 1, 0, 0) == 1_767_222_000)
    #expect(try seconds(7, 1, 0, 0) == 1_782_856_800)
    #expect(try seconds(3, 29, 1, 59) == 1_774_745_940)
    #expect(try seconds(3, 29, 3, 0) == 1_774_746_000)
    // There is no 2:30 on this day, and two of the next.
    #expect(try [1_774_744_200, 1_774_747_800].contains(seconds(3, 29, 2, 30)))
    #expect(try [1_792_888_200, 1_792_891_800].contains(seconds(10, 25, 2, 30)))
    #expect(try seconds(10, 25, 3, 0) == 1_792_893_600)
    // The name of the zone tells them apart; elsewhere it changes nothing.
    for (name, hour, expected) in [
      ("CEST", 2, 1_792_888_200), ("CET", 2, 1_792_891_800), ("CEST", 3, 1_792_895_400), ("CET", 1, 1_792_884_600),
    ] as [(String, Int64, Int64)] {
      let shown = try #require(DateTime.day(2026, 10, 25)) * 86_400 + hour * 3600 + 1800
      #expect(Array(name.utf8).withUnsafeBytes { clock.seconds(shown, zone: $0) } == expected, "\(name) at \(hour):30")
    }
    #expect(try seconds(1, 1, 0, 1) == 1_767_222_060)
  }
}
