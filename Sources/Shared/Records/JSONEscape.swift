internal import Unix

/// One escape of a JSON string (RFC 8259 §7): `\n`, `\u00e4`, or a surrogate pair as one.
struct JSONEscape {
  /// Bytes of the escape.
  let length: Int
  /// The Unicode scalar that it stands for.
  let scalar: UInt32

  var textLength: Int { UTF8Scalar.width(of: scalar) }

  /// Nil if what stands at `offset` (a backslash) is no escape, or half a surrogate pair.
  init?(at offset: UnsafeRawPointer, _ end: UnsafeRawPointer) {
    guard end - offset >= 2 else { return nil }
    let plain: UInt32
    switch (offset + 1).load(as: UInt8.self) {
    case UInt8(ascii: "\""): plain = 0x22
    case UInt8(ascii: "\\"): plain = 0x5C
    case UInt8(ascii: "/"): plain = 0x2F
    case UInt8(ascii: "b"): plain = 0x08
    case UInt8(ascii: "f"): plain = 0x0C
    case UInt8(ascii: "n"): plain = 0x0A
    case UInt8(ascii: "r"): plain = 0x0D
    case UInt8(ascii: "t"): plain = 0x09
    case UInt8(ascii: "u"):
      guard let unit = Self.codeUnit(at: offset, end) else { return nil }
      if unit & 0xF800 != 0xD800 {
        length = 6
        scalar = unit
        return
      }
      guard unit < 0xDC00, let low = Self.codeUnit(at: offset + 6, end), low & 0xFC00 == 0xDC00 else { return nil }
      length = 12
      scalar = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
      return
    default: return nil
    }
    length = 2
    scalar = plain
  }

  /// Whether a backslash and this byte are a whole escape, of a character that is one byte of text.
  @inline(__always)
  static func isShort(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      true
    default: false
    }
  }

  private static func codeUnit(at offset: UnsafeRawPointer, _ end: UnsafeRawPointer) -> UInt32? {
    guard end - offset >= 6, offset.load(as: UInt8.self) == UInt8(ascii: "\\"),
      (offset + 1).load(as: UInt8.self) == UInt8(ascii: "u")
    else { return nil }
    var unit: UInt32 = 0
    for index in 2..<6 {
      let digit = (offset + index).load(as: UInt8.self)
      switch digit {
      case 0x30...0x39: unit = unit << 4 | UInt32(digit - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt32(digit - 0x37)
      case 0x61...0x66: unit = unit << 4 | UInt32(digit - 0x57)
      default: return nil
      }
    }
    return unit
  }
}
