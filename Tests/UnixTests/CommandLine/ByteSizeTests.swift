import Testing

@testable internal import Unix

@Suite struct ByteSizeTests {
  @Test(
    arguments: [
      ("0", 0), ("1", 1), ("4096", 4096), ("1K", 1024), ("64M", 64 << 20), ("2G", 2 << 30), ("", nil), ("M", nil), ("-1", nil),
      ("1.5M", nil),
      ("1m", nil), ("1MB", nil), ("1 M", nil), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
      ("9223372036854775807G", nil),
    ] as [(String, Int?)])
  func aSizeIsANumberAndAUnit(text: String, bytes: Int?) { #expect(ByteSize(argument: text)?.bytes == bytes) }
}
