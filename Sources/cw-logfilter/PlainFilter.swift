internal import Patterns
internal import Unix

/// Copies the lines that pass, byte for byte.
///
/// Only lines that the rules must judge are separated: the rules find the next such line, and everything before it is kept or dropped in
/// one piece.
final class PlainFilter {
  /// A longer line is judged by as many of its first bytes.
  static let maximumLength = 16 << 20

  private let rules: FilterRules
  private let input: FilterInput
  private let output: FilterOutput
  /// Whether the rest of a line that came in parts is kept; nil: at the start of a line.
  private var keepsRest: Bool?

  init(rules: FilterRules, input: Int32, output: Int32, maximumLength: Int = PlainFilter.maximumLength) {
    self.rules = rules
    self.input = FilterInput(descriptor: input, maximumLength: maximumLength)
    self.output = FilterOutput(descriptor: output)
  }

  func run() throws {
    let reader = input.reader
    while true {
      if keepsRest == nil, let lines = reader.nextWholeLines() {
        try pass(lines)
      } else if let line = reader.next() {
        try passPart(line)
      } else if reader.isAtEnd {
        return try output.flush()
      } else {
        try input.fill(output: output.descriptor) { try output.flush() }
      }
    }
  }

  private func pass(_ lines: UnsafeRawBufferPointer) throws {
    var offset = 0  // the beginning of a line
    var kept = 0  // from here to `offset`, all is kept and not yet written
    while let judged = rules.nextToJudge(in: lines, from: offset) {
      let start = Self.lineStart(in: lines, at: judged, notBefore: offset)
      let end = lines.firstIndex(of: 0x0A, from: judged) ?? lines.count
      if start > offset, !rules.keepsOthers {
        try write(lines, kept..<offset)
        kept = start
      }
      offset = min(end + 1, lines.count)
      if !rules.keeps(Self.withoutReturn(lines.part(start..<end))) {
        try write(lines, kept..<start)
        kept = offset
      }
    }
    try write(lines, kept..<(rules.keepsOthers ? lines.count : offset))
  }

  /// Handles a part of a line longer than `maximumLength`, or a last line without LF.
  private func passPart(_ line: LineReader.Line) throws {
    let bytes = line.terminator == .cut ? line.bytes : Self.withoutReturn(line.bytes)
    let keeps = keepsRest ?? rules.keeps(bytes)
    if keeps {
      try output.append(line.bytes)
      if line.terminator == .lineFeed { try output.append("\n") }
    }
    keepsRest = line.terminator == .cut ? keeps : nil
  }

  private func write(_ lines: UnsafeRawBufferPointer, _ range: Range<Int>) throws {
    if !range.isEmpty { try output.append(lines.part(range)) }
  }

  private static func lineStart(in lines: UnsafeRawBufferPointer, at offset: Int, notBefore first: Int) -> Int {
    var start = offset
    while start > first, lines[start - 1] != 0x0A { start -= 1 }
    return start
  }

  /// A line without its LF, and without the CR before that.
  private static func withoutReturn(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    line.last == 0x0D ? line.part(0..<(line.count - 1)) : line
  }
}
