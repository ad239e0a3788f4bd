import Testing

internal import TestSupport
@testable internal import Unix

@Suite struct LineReaderTests {
  struct Piece: Equatable {
    var bytes: [UInt8]
    var terminator: LineReader.Terminator

    init(_ bytes: some Sequence<UInt8>, _ terminator: LineReader.Terminator) {
      self.bytes = Array(bytes)
      self.terminator = terminator
    }

    init(_ text: String, _ terminator: LineReader.Terminator) { self.init(text.utf8, terminator) }
  }

  @Test(
    arguments: [
      ("", []),
      ("\n", [Piece("", .lineFeed)]),
      ("a\n", [Piece("a", .lineFeed)]),
      ("a", [Piece("a", .endOfInput)]),
      ("a\n\nb", [Piece("a", .lineFeed), Piece("", .lineFeed), Piece("b", .endOfInput)]),
      ("a\r\nb\u{2028}c\n", [Piece("a\r", .lineFeed), Piece("b\u{2028}c", .lineFeed)]),
      ("12345678\n", [Piece("12345678", .lineFeed)]),
      ("12345678", [Piece("12345678", .endOfInput)]),
      ("123456789\n", [Piece("12345678", .cut), Piece("9", .lineFeed)]),
      ("123456789", [Piece("12345678", .cut), Piece("9", .endOfInput)]),
      ("1234567890123456\n", [Piece("12345678", .cut), Piece("90123456", .lineFeed)]),
      ("1234567\u{E4}\n", [Piece("1234567", .cut), Piece("\u{E4}", .lineFeed)]),
      ("123456\u{E4}\n", [Piece("123456\u{E4}", .lineFeed)]),
      ("12345\u{1F600}\n", [Piece("12345", .cut), Piece("\u{1F600}", .lineFeed)]),
    ] as [(String, [Piece])])
  func cutsAtLineFeedsAndAtTheBound(input: String, pieces: [Piece]) throws {
    for blockSize in [1, 2, 3, 5, 8, 64] {
      #expect(try read(Array(input.utf8), chunks: [input.utf8.count], maximumLength: 8, blockSize: blockSize) == pieces)
    }
  }

  @Test func cutsWhatIsNoTextAtTheBoundItself() throws {
    let input = [UInt8](repeating: 0x80, count: 20)
    #expect(
      try read(input, chunks: [20], maximumLength: 8, blockSize: 64)
        == [Piece(input[0..<8], .cut), Piece(input[8..<16], .cut), Piece(input[16...], .endOfInput)])
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func givesTheLinesOfTheWholeInput(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let isText = random.oneIn(2)
    var input: [UInt8] = []
    for _ in 0..<random.pick(0...60) {
      let length = random.oneIn(5) ? random.pick(0...600) : random.pick(0...30)
      input += isText ? Array(random.text(scalars: length).utf8) : random.bytes(count: length)
      if !random.oneIn(10) { input.append(0x0A) }
    }
    let maximumLength = random.oneIn(3) ? 1 << 20 : random.pick(4...200)
    let chunks = (0..<100).map { _ in random.pick(1...700) }
    let pieces = try read(input, chunks: chunks, maximumLength: maximumLength, blockSize: random.pick(1...300))

    var lines: [[UInt8]] = [[]]
    for (index, piece) in pieces.enumerated() {
      #expect(piece.bytes.count <= maximumLength)
      lines[lines.count - 1] += piece.bytes
      switch piece.terminator {
      case .lineFeed: lines.append([])
      case .cut: #expect(piece.bytes.count > maximumLength - 4, "cut before it had to be")
      case .endOfInput: #expect(index == pieces.count - 1)
      }
      if isText { #expect(String(validating: piece.bytes, as: UTF8.self) != nil, "a character is torn") }
    }
    #expect(lines == input.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init))
    if input.last == 0x0A { #expect(pieces.last?.terminator == .lineFeed) }
  }

  @Test func whatIsLeftAtTheEndIsALineWithoutItsLineFeed() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    let reader = LineReader(descriptor: ends[0], maximumLength: 100)
    try Array("a\nb".utf8).withUnsafeBytes { try Descriptor.writeAll(ends[1], $0) }
    #expect(try reader.fill() == .bytes(3))
    #expect(reader.next()?.bytes.text == "a")
    #expect(reader.next() == nil)
    reader.endInput()
    #expect(reader.isAtEnd)
    let last = reader.next()
    #expect(last?.bytes.text == "b")
    #expect(last?.terminator == .endOfInput)
    #expect(reader.next() == nil)
  }

  /// Writes the input into a pipe in chunks (of these sizes, from the first again after the last), and reads in between.
  private func read(_ input: [UInt8], chunks: [Int], maximumLength: Int, blockSize: Int) throws -> [Piece] {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let reader = LineReader(descriptor: ends[0], maximumLength: maximumLength, blockSize: blockSize)
    var pieces: [Piece] = []
    var start = 0
    var chunk = 0
    while start < input.count {
      let end = min(start + chunks[chunk % chunks.count], input.count)
      try input[start..<end].withUnsafeBytes { try Descriptor.writeAll(ends[1], $0) }
      start = end
      chunk += 1
      try reader.fill()
      while let line = reader.next() { pieces.append(Piece(line.bytes, line.terminator)) }
    }
    close(ends[1])
    while !reader.isAtEnd {
      try reader.fill()
      while let line = reader.next() { pieces.append(Piece(line.bytes, line.terminator)) }
    }
    return pieces
  }
}
