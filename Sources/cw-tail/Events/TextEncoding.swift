internal import Config
internal import Unix

/// An encoding other than UTF-8, by iconv(3): where its lines end, and what they say.
final class TextEncoding {
  /// Bytes of a code unit: 1, 2 or 4.
  let unit: Int
  private let isBigEndian: Bool
  private let converter: iconv_t

  /// The encodings that a name may stand for: none for UTF-8, whose bytes pass as they are, and two where the bytes must tell
  /// their order. Throws `ConfigurationError`.
  static func candidates(_ name: String?) throws -> [TextEncoding] {
    guard let name else { return [] }
    switch name.lowercased() {
    // ASCII is a part of UTF-8, and a file that is not what it says is still read.
    case "utf-8", "utf8", "unicode-1-1-utf-8", "ascii", "us-ascii": return []
    case "utf-16", "utf16": return try [TextEncoding("utf-16le"), TextEncoding("utf-16be")]
    case "utf-32", "utf32": return try [TextEncoding("utf-32le"), TextEncoding("utf-32be")]
    default: return try [TextEncoding(name)]
    }
  }

  private init(_ name: String) throws {
    // A slash begins options of iconv's own, and the empty name is the locale's encoding.
    let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    guard isName, let converter = iconv_open("UTF-8", name), converter != iconv_t(bitPattern: -1) else {
      throw ConfigurationError("encoding \"\(name)\" is not known here; iconv -l lists the names")
    }
    guard let shape = Self.shape(converter) else {
      iconv_close(converter)
      throw ConfigurationError("encoding \"\(name)\" has no line feed as other encodings have it; such files can not be followed")
    }
    self.converter = converter
    (unit, isBigEndian) = shape
  }

  /// What a line feed looks like; nil if it is none of those known.
  private static func shape(_ converter: iconv_t) -> (unit: Int, isBigEndian: Bool)? {
    [(1, false), (2, false), (2, true), (4, false), (4, true)].first { unit, isBigEndian in
      var lineFeed = [UInt8](repeating: 0, count: unit)
      lineFeed[isBigEndian ? unit - 1 : 0] = 0x0A
      let text = ByteBuffer()
      let (count, _) = lineFeed.withUnsafeBytes { convert($0, converter, unit, into: text) }
      return count == unit && text.array == [0x0A]
    }
  }

  deinit { iconv_close(converter) }

  // MARK: - lines

  /// Where the first line at or behind `start` ends, behind its line feed; nil if it has none.
  func endOfLine(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var offset = start
    while let found = bytes.firstIndex(of: 0x0A, from: offset) {
      let first = isBigEndian ? found - (unit - 1) : found
      if first >= start, (first - start) % unit == 0, bytes.count - first >= unit {
        let others = isBigEndian ? first..<found : (found + 1)..<(first + unit)
        if others.allSatisfy({ bytes[$0] == 0 }) { return first + unit }
      }
      offset = found + 1
    }
    return nil
  }

  /// The one of several that a block is written in. What tells is its byte order mark, or its first line feed, since one with its
  /// bytes swapped is U+0A00, which is no character; at last, where the zeros of ASCII stand.
  static func choose(_ candidates: [TextEncoding], for block: UnsafeRawBufferPointer) -> TextEncoding? {
    guard candidates.count > 1 else { return candidates.first }
    if let marked = candidates.first(where: { $0.hasMark(block) }) { return marked }
    let ends = candidates.map { $0.endOfLine(in: block, from: 0) ?? .max }
    if let first = ends.min(), first < .max { return zip(candidates, ends).first { $1 == first }?.0 }
    let zeros = candidates.map { $0.highZeros(block) }
    return zip(candidates, zeros).first { $1 == zeros.max() }?.0
  }

  private func hasMark(_ block: UnsafeRawBufferPointer) -> Bool {
    guard unit > 1, block.count >= unit else { return false }
    let mark: [UInt8] = [0xFF, 0xFE] + [UInt8](repeating: 0, count: unit - 2)
    return block.prefix(unit).elementsEqual(isBigEndian ? mark.reversed() : mark)
  }

  /// How many of the first units have a zero as their highest byte.
  private func highZeros(_ block: UnsafeRawBufferPointer) -> Int {
    stride(from: isBigEndian ? 0 : unit - 1, to: min(block.count, 1024), by: unit).count { block[$0] == 0 }
  }

  // MARK: - text

  /// Writes the text of some bytes as UTF-8; what can not be decoded becomes U+FFFD, a byte order mark nothing.
  /// - Parameter isWhole: nothing follows; if not, the part of a character at the end is left out.
  /// - Returns: how many bytes were read, and how many U+FFFD were put in.
  @discardableResult
  func decode(_ bytes: UnsafeRawBufferPointer, isWhole: Bool = true, into text: ByteBuffer) -> (count: Int, replacements: Int) {
    let mark = hasMark(bytes) ? unit : 0
    let (count, replacements) = Self.convert(bytes.part(mark..<bytes.count), converter, unit, into: text)
    guard isWhole, mark + count < bytes.count else { return (mark + count, replacements) }
    text.append("\u{FFFD}")
    return (bytes.count, replacements + 1)
  }

  private static func convert(
    _ bytes: UnsafeRawBufferPointer, _ converter: iconv_t, _ unit: Int, into text: ByteBuffer
  ) -> (count: Int, replacements: Int) {
    guard let base = bytes.baseAddress else { return (0, 0) }
    // It wants a pointer to bytes that may change, and changes none.
    var input: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: CChar.self))
    var left = bytes.count
    var replacements = 0
    loop: while left > 0 {
      switch step(converter, &input, &left, into: text) {
      case E2BIG: continue
      case EILSEQ:
        replacements += 1
        text.append("\u{FFFD}")
        let skipped = min(unit, left)
        input = input.map { $0 + skipped }
        left -= skipped
      default: break loop
      }
    }
    flush(converter, into: text)
    return (bytes.count - left, replacements)
  }

  // 0, or why it stopped. There is always room for a character, so that each step gets on.
  private static func step(
    _ converter: iconv_t, _ input: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, into text: ByteBuffer
  ) -> Int32 {
    _ = text.reserve(left + 64)
    var room = text.capacity - text.count
    let before = room
    var output: UnsafeMutablePointer<CChar>? = text.reserve(room).assumingMemoryBound(to: CChar.self)
    let result = iconv(converter, &input, &left, &output, &room)
    let code = errno
    text.advance(before - room)
    return result == -1 ? code : 0
  }

  // Some hold a character back, to which an accent may come. It also makes the next call begin anew.
  private static func flush(_ converter: iconv_t, into text: ByteBuffer) {
    var room = 64
    var output: UnsafeMutablePointer<CChar>? = text.reserve(room).assumingMemoryBound(to: CChar.self)
    _ = iconv(converter, nil, nil, &output, &room)
    text.advance(64 - room)
  }
}
