import Testing

@testable import Unix

struct LineReaderWholeLinesTests {
  private func pieces(_ text: String, maximumLength: Int, blockSize: Int) throws -> [String] {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    try Array(text.utf8).withUnsafeBytes { try Descriptor.writeAll(ends[1], $0) }
    close(ends[1])
    defer { close(ends[0]) }
    let reader = LineReader(descriptor: ends[0], maximumLength: maximumLength, blockSize: blockSize)
    var pieces: [String] = []
    while true {
      if let lines = reader.nextWholeLines() {
        pieces.append(lines.text)
      } else if let line = reader.next() {
        pieces.append("\(line.terminator):\(line.bytes.text)")
      } else if reader.isAtEnd {
        return pieces
      } else {
        try reader.fill()
      }
    }
  }

  @Test(arguments: [
    ("", []), ("a\nbb\nccc\n", ["a\nbb\nccc\n"]), ("a\nbb", ["a\n", "endOfInput:bb"]), ("a", ["endOfInput:a"]), ("\n\n", ["\n\n"]),
    ("a\n123456789012\nb\n", ["a\n123456789012\nb\n"]),
  ])
  func takesAllThatEnd(_ text: String, _ expected: [String]) throws {
    #expect(try pieces(text, maximumLength: 100, blockSize: 64) == expected)
  }

  @Test(arguments: 1...9)
  func aLineTooLongIsCut(_ blockSize: Int) throws {
    let pieces = try pieces("a\n1234567\nbc\n", maximumLength: 5, blockSize: blockSize)
    #expect(pieces.contains("cut:12345") || pieces.contains("a\n1234567\nbc\n"))
    #expect(
      pieces.map { $0.hasPrefix("cut:") ? String($0.dropFirst(4)) : $0.replacing("lineFeed:67", with: "67\n") }.joined()
        == "a\n1234567\nbc\n")
  }
}
