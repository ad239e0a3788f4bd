import Testing

@testable import AWS

@Suite struct ISO8601Tests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-01-05T03:04:05Z", 1_767_582_245_000), ("2026-01-05T03:04:05.5Z", 1_767_582_245_500),
    ("2026-01-05T03:04:05.123456+00:00", 1_767_582_245_123), ("2026-01-05T05:04:05+0200", 1_767_582_245_000),
    ("2026-01-04T22:04:05-05:00", 1_767_582_245_000), ("2026-01-05 03:04:05Z", 1_767_582_245_000),
    ("2026-01-05T03:04:05UTC", 1_767_582_245_000),
    ("2024-02-29T23:59:60Z", 1_709_251_200_000),
  ])
  func moments(_ text: String, _ milliseconds: Int64) { #expect(ISO8601.milliseconds(text) == milliseconds) }

  @Test(arguments: [
    "", "2026", "2026-01-05", "2026-01-05T03:04:05", "2026-13-05T03:04:05Z", "2026-01-05T24:00:00Z", "2026-01-05T03:04:05.Z",
    "2026-01-05T03:04:05+1", "2026-01-05T03:04:05Zx", "1767582245", "２026-01-05T03:04:05Z",
  ])
  func noMoments(_ text: String) { #expect(ISO8601.milliseconds(text) == nil) }

  @Test(arguments: [Int64(0), 1_767_582_245_000, 253_402_300_799_000])
  func thereAndBack(_ milliseconds: Int64) { #expect(ISO8601.milliseconds(ISO8601.text(milliseconds)) == milliseconds) }
}
