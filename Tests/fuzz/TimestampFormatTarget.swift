internal import Config
internal import Unix

@testable internal import TailCommand

/// A format, a line feed, and a line.
func fuzzTimestampFormat(_ input: Bytes) {
  let (words, line) = input.split(at: 0x0A)
  for zone in [TimestampFormat.Zone.utc, .local] {
    // Any now that a clock can show, at the turns of years among others.
    for now in [0, 951_782_400_000, 1_795_341_600_000, 4_102_444_799_999] as [Int64] {
      guard let format = try? TimestampFormat(words.text, zone: zone) else { return }
      guard let match = format.find(in: line, now: now) else { continue }
      hold(match.range.lowerBound >= 0 && match.range.upperBound <= line.count, "the time stands in the line")
      hold(match.timestamp >= 0 && match.timestamp < 253_402_300_800_000 + 86_400_000, "the time is one of four digits' years")
    }
  }
}
