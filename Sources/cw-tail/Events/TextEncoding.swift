internal import Config
internal import Unix

/// An encoding other than UTF-8, by iconv(3): finds line ends and decodes lines.
final class TextEncoding {
  /// The size of a code unit in bytes: 1, 2 or 4.
  let unit: Int
  private let isBigEndian: Bool
  private let converter: iconv_t

  /// The encodings that a name may mean: none for UTF-8, whose bytes pass as they are, and two if the byte order is not part of the name.
  /// - Throws: `ConfigurationError` if the name is unknown.
  static func candidates(_ name: String?) throws -> [TextEncoding] {
    guard let name else { return [] }
    switch name.lowercased() {
    // ASCII is a subset of UTF-8, and a file that is not pure ASCII is still read.
    case "utf-8", "utf8", "unicode-1-1-utf-8", "ascii", "us-ascii": return []
    case "utf-16", "utf16": return try [TextEncoding("utf-16le"), TextEncoding("utf-16be")]
    case "utf-32", "utf32": return try [TextEncoding("utf-32le"), TextEncoding("utf-32be")]
    default: return try [TextEncoding(name)]
    }
  }

  private init(_ name: String) throws {
    // In iconv_open(3) a slash begins options, and the empty name means the locale's encoding.
    let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    guard isName, let converter = iconv_open("UTF-8", name), converter != iconv_t(bitPattern: -1) else {
      throw ConfigurationError("encoding \"\(name)\" is not known here; iconv -l lists the names")
    }
    guard let shape = Self.shape(converter) else {
      iconv_close(converter)
      throw ConfigurationError("encoding \"\(name)\" has no line feed as other encodings have it; such files cannot be followed")
    }
    self.converter = converter
    (unit, isBigEndian) = shape
  }

  /// The form of a line feed; nil if it is none of those known.
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

  /// The offset after the first line feed from `start` on; nil if there is none.
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

  /// The candidate that fits a block. Its byte order mark decides, or else its first line feed, since one with swapped bytes is U+0A00,
  /// which is not a character, or else the position of the zero bytes in ASCII text.
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

  /// How many of the first code units have a zero as their highest byte.
  private func highZeros(_ block: UnsafeRawBufferPointer) -> Int {
    stride(from: isBigEndian ? 0 : unit - 1, to: min(block.count, 1024), by: unit).count { block[$0] == 0 }
  }

  // MARK: - text

  /// Appends bytes to `text` as UTF-8. What cannot be decoded becomes U+FFFD, and a byte order mark is dropped.
  /// - Parameter isWhole: nothing follows; if false, an incomplete character at the end is left.
  /// - Returns: how many bytes were read, and how many U+FFFD were inserted.
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
    // iconv(3) takes a pointer to mutable bytes, but does not change them.
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

  // Returns 0, or the errno with which iconv(3) stopped. There is always room for a character, so that each step makes progress.
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

  // Some converters hold back a character that an accent may follow. This also resets the state for the next call.
  private static func flush(_ converter: iconv_t, into text: ByteBuffer) {
    var room = 64
    var output: UnsafeMutablePointer<CChar>? = text.reserve(room).assumingMemoryBound(to: CChar.self)
    _ = iconv(converter, nil, nil, &output, &room)
    text.advance(64 - room)
  }
}
