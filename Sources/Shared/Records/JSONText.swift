package import Unix

/// The inside of JSON strings, byte by byte: the hot path of every program that touches a record.
///
/// Eight bytes are looked at in one step; only those that JSON or UTF-8 treat specially are looked at alone.
package enum JSONText {
  /// Appends `string` as a JSON string with its quotes.
  package static func append(string: String, to buffer: ByteBuffer) {
    var string = string
    buffer.append("\"")
    string.withUTF8 { _ = appendEscaped(UnsafeRawBufferPointer($0), to: buffer) }
    buffer.append("\"")
  }

  /// What `appendEscaped` did.
  package struct Escaped {
    /// Length of the text in UTF-8 bytes, after repair and before escaping: what CloudWatch Logs counts.
    package var length: Int
    /// How many U+FFFD stand for bytes that were not UTF-8.
    package var replacements: Int
  }

  /// Appends `text` to `buffer` as the inside of a JSON string. Bytes that are not UTF-8 become U+FFFD.
  @discardableResult
  package static func appendEscaped(_ text: UnsafeRawBufferPointer, to buffer: ByteBuffer) -> Escaped {
    guard var next = text.baseAddress else { return Escaped(length: 0, replacements: 0) }
    let end = next + text.count
    // The worst is \u00XX for one byte; 8 more because whole words are stored.
    let first = buffer.reserve(text.count * 6 + 8)
    var out = first
    var result = Escaped(length: text.count, replacements: 0)
    while end - next >= 8 {
      let word = next.loadUnaligned(as: UInt64.self)
      out.storeBytes(of: word, as: UInt64.self)
      let special = specialBytes(of: UInt64(littleEndian: word))
      if special == 0 {
        next += 8
        out += 8
        continue
      }
      let plain = special.trailingZeroBitCount >> 3
      next += plain
      out += plain
      appendSpecial(&next, end, &out, &result)
    }
    while next < end {
      let byte = next.load(as: UInt8.self)
      if isSpecial(byte) {
        appendSpecial(&next, end, &out, &result)
      } else {
        out.storeBytes(of: byte, as: UInt8.self)
        next += 1
        out += 1
      }
    }
    buffer.advance(out - first)
    return result
  }

  /// One character that is escaped, or is not ASCII.
  @inline(__always)
  private static func appendSpecial(
    _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ out: inout UnsafeMutableRawPointer, _ result: inout Escaped
  ) {
    let byte = next.load(as: UInt8.self)
    if byte >= 0x80 {
      let length = UTF8Scalar.length(at: next, end)
      if length > 0 {
        memcpy(out, next, length)
        out += length
        next += length
      } else {
        let bad = UTF8Scalar.invalidLength(at: next, end)
        storeReplacement(&out)
        next += bad
        result.length += 3 - bad
        result.replacements += 1
      }
      return
    }
    next += 1
    out.storeBytes(of: UInt8(ascii: "\\"), as: UInt8.self)
    let short = shortEscape(byte)
    if short != 0 {
      out.storeBytes(of: short, toByteOffset: 1, as: UInt8.self)
      out += 2
    } else {
      out.storeBytes(of: UInt8(ascii: "u"), toByteOffset: 1, as: UInt8.self)
      out.storeBytes(of: UInt8(ascii: "0"), toByteOffset: 2, as: UInt8.self)
      out.storeBytes(of: UInt8(ascii: "0"), toByteOffset: 3, as: UInt8.self)
      out.storeBytes(of: hexDigit(byte >> 4), toByteOffset: 4, as: UInt8.self)
      out.storeBytes(of: hexDigit(byte & 15), toByteOffset: 5, as: UInt8.self)
      out += 6
    }
  }

  /// A JSON string as it was found: where it ends, and what its text weighs.
  package struct Scan {
    /// Index of the closing quote.
    package var end: Int
    /// Length of the text in UTF-8 bytes once unescaped.
    package var length: Int
    package var hasEscapes: Bool
  }

  /// Finds the end of the JSON string whose first byte behind the quote is at `start`, and checks it: no bare control
  /// byte, only JSON's escapes, no lone surrogate, valid UTF-8. Nil if it is not such a string, or has no end.
  package static func scan(_ json: UnsafeRawBufferPointer, from start: Int) -> Scan? {
    guard let base = json.baseAddress, start <= json.count else { return nil }
    let end = base + json.count
    var next = base + start
    var escapedAway = 0
    var hasEscapes = false
    while true {
      if end - next >= 8 {
        let special = specialBytes(of: UInt64(littleEndian: next.loadUnaligned(as: UInt64.self)))
        if special == 0 {
          next += 8
          continue
        }
        next += special.trailingZeroBitCount >> 3
      }
      guard next < end else { return nil }
      let byte = next.load(as: UInt8.self)
      if !isSpecial(byte) {
        next += 1
      } else if byte == UInt8(ascii: "\"") {
        let offset = next - base
        return Scan(end: offset, length: offset - start - escapedAway, hasEscapes: hasEscapes)
      } else if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        // Nearly all are of two bytes: quotes, backslashes, tabs.
        if end - next >= 2, JSONEscape.isShort((next + 1).load(as: UInt8.self)) {
          escapedAway += 1
          next += 2
          continue
        }
        guard let escape = JSONEscape(at: next, end) else { return nil }
        escapedAway += escape.length - escape.textLength
        next += escape.length
      } else {
        let length = byte >= 0x80 ? UTF8Scalar.length(at: next, end) : 0
        guard length > 0 else { return nil }
        next += length
      }
    }
  }

  /// Appends the text of the inside of a JSON string that `scan` has found good.
  package static func appendUnescaped(_ json: UnsafeRawBufferPointer, to buffer: ByteBuffer) {
    guard let base = json.baseAddress else { return }
    let first = buffer.reserve(json.count)
    var out = first
    var offset = 0
    while offset < json.count {
      guard let backslash = json.firstIndex(of: UInt8(ascii: "\\"), from: offset) else { break }
      memcpy(out, base + offset, backslash - offset)
      out += backslash - offset
      guard let escape = JSONEscape(at: base + backslash, base + json.count) else { return }
      UTF8Scalar.store(escape.scalar, &out)
      offset = backslash + escape.length
    }
    memcpy(out, base + offset, json.count - offset)
    out += json.count - offset
    buffer.advance(out - first)
  }

  /// Where the inside of a JSON string (found good by `scan`) can be cut so that the text before the cut has at most
  /// `limit` UTF-8 bytes and no character or escape is torn: the index of the cut, and the length of that text.
  package static func cut(_ json: UnsafeRawBufferPointer, limit: Int) -> (index: Int, length: Int) {
    guard let base = json.baseAddress else { return (0, 0) }
    let end = base + json.count
    var offset = 0
    var length = 0
    while offset < json.count {
      let byte = json[offset]
      var step = 1
      var text = 1
      if byte == UInt8(ascii: "\\") {
        guard let escape = JSONEscape(at: base + offset, end) else { break }
        step = escape.length
        text = escape.textLength
      } else if byte >= 0x80 {
        step = max(UTF8Scalar.length(at: base + offset, end), 1)
        text = step
      }
      if length + text > limit { break }
      offset += step
      length += text
    }
    return (offset, length)
  }

  // MARK: - bytes

  @inline(__always)
  static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// The high bit of every byte that is special, the lowest byte of the memory first. Above the first special byte a
  /// borrow may mark others wrongly, so only the lowest mark counts.
  @inline(__always)
  private static func specialBytes(of word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // With bit 1 turned over, the quote (0x22) stands directly behind the control bytes: both are below 0x21.
    let controlOrQuote = (word ^ (ones &* 0x02)) &- (ones &* 0x21)
    let backslash = (word ^ (ones &* 0x5C)) &- ones
    return ((controlOrQuote | backslash) & ~word | word) & (ones &* 0x80)
  }

  @inline(__always)
  private static func shortEscape(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    default: 0
    }
  }

  @inline(__always)
  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  @inline(__always)
  private static func storeReplacement(_ out: inout UnsafeMutableRawPointer) {
    out.storeBytes(of: 0xEF, as: UInt8.self)
    out.storeBytes(of: 0xBF, toByteOffset: 1, as: UInt8.self)
    out.storeBytes(of: 0xBD, toByteOffset: 2, as: UInt8.self)
    out += 3
  }
}
