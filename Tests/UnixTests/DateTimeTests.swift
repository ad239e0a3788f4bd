import Testing
@testable import Unix

@Suite struct DateTimeTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z", "19700101T000000Z", "Thu Jan 1 00:00:00 UTC 1970"),
      (999, "1970-01-01T00:00:00Z", "19700101T000000Z", "Thu Jan 1 00:00:00 UTC 1970"),
      (1_709_251_199_999, "2024-02-29T23:59:59Z", "20240229T235959Z", "Thu Feb 29 23:59:59 UTC 2024"),
      (1_767_582_245_000, "2026-01-05T03:04:05Z", "20260105T030405Z", "Mon Jan 5 03:04:05 UTC 2026"),
      (1_796_465_409_000, "2026-12-05T10:10:09Z", "20261205T101009Z", "Sat Dec 5 10:10:09 UTC 2026"),
      (1_798_761_599_999, "2026-12-31T23:59:59Z", "20261231T235959Z", "Thu Dec 31 23:59:59 UTC 2026"),
      (.max, "9999-12-31T23:59:59Z", "99991231T235959Z", "Fri Dec 31 23:59:59 UTC 9999"),
      (.min, "1970-01-01T00:00:00Z", "19700101T000000Z", "Thu Jan 1 00:00:00 UTC 1970"),
    ] as [(Int64, String, String, String)])
  func isWritten(_ milliseconds: Int64, _ iso8601: String, _ basic: String, _ cognito: String) {
    let time = DateTime(milliseconds: milliseconds)
    #expect(time.iso8601 == iso8601)
    #expect(time.basicISO8601 == basic && time.basicDate == basic.prefix(8))
    #expect(time.cognito == cognito)
    #expect(time.date == iso8601.prefix(10) && time.time == iso8601.dropFirst(11).prefix(8))
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-01-05T03:04:05Z", 1_767_582_245_000), ("2026-01-05T03:04:05.5Z", 1_767_582_245_500),
    ("2026-01-05T03:04:05.123456+00:00", 1_767_582_245_123), ("2026-01-05T05:04:05+0200", 1_767_582_245_000),
    ("2026-01-04T22:04:05-05:00", 1_767_582_245_000), ("2026-01-05 03:04:05Z", 1_767_582_245_000),
    ("2026-01-05T03:04:05UTC", 1_767_582_245_000), ("2024-02-29T23:59:60Z", 1_709_251_200_000),
  ])
  func readsISO8601(_ text: String, _ milliseconds: Int64) { #expect(DateTime.milliseconds(iso8601: text) == milliseconds) }

  @Test(arguments: [
    "", "2026", "2026-01-05", "2026-01-05T03:04:05", "2026-13-05T03:04:05Z", "2026-02-29T03:04:05Z", "2026-01-05T24:00:00Z",
    "2026-01-05T03:04:05.Z", "2026-01-05T03:04:05+1", "2026-01-05T03:04:05Zx", "1767582245", "２026-01-05T03:04:05Z",
  ])
  func refusesOtherISO8601(_ text: String) { #expect(DateTime.milliseconds(iso8601: text) == nil) }

  @Test(arguments: [Int64(0), 1_767_582_245_000, 253_402_300_799_000])
  func readsWhatItWrites(_ milliseconds: Int64) {
    #expect(DateTime.milliseconds(iso8601: DateTime(milliseconds: milliseconds).iso8601) == milliseconds)
  }

  @Test(arguments: [
    ("Mon, 05 Jan 2026 03:04:05 GMT", 1_767_582_245_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199_000), ("Fri, 31 Dec 2100 00:00:00 GMT", 4_133_894_400_000),
  ])
  func readsHTTPDates(_ text: String, _ milliseconds: Int64) { #expect(DateTime.milliseconds(httpDate: text) == milliseconds) }

  @Test(arguments: [
    "", "now", "Mon, 05 Jan 2026 03:04:05 CET", "Mon, 05 Foo 2026 03:04:05 GMT", "Mon, 99 Jan 2026 03:04:05 GMT",
    "Mon, 05 Jan 99999999999999999999 03:04:05 GMT", "Monday, 05-Jan-26 03:04:05 GMT",
  ])
  func refusesOtherHTTPDates(_ text: String) { #expect(DateTime.milliseconds(httpDate: text) == nil) }
}
