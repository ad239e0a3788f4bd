import Testing

@testable import AWS

@Suite struct ChallengeTimestampTests {
  @Test(arguments: [
    (1_767_582_245_000, "Mon Jan 5 03:04:05 UTC 2026"), (1_798_761_599_999, "Thu Dec 31 23:59:59 UTC 2026"),
    (0, "Thu Jan 1 00:00:00 UTC 1970"), (1_709_251_199_000, "Thu Feb 29 23:59:59 UTC 2024"),
    (1_796_465_409_000, "Sat Dec 5 10:10:09 UTC 2026"),
  ])
  func text(_ milliseconds: Int64, _ text: String) { #expect(ChallengeTimestamp.text(milliseconds: milliseconds) == text) }
}
