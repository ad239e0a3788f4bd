internal import Unix

/// Takes values from the bytes of a D-Bus message, from the left. Each function returns nil, or false, if the bytes do not reach.
struct DBusReader {
  private let bytes: UnsafeRawBufferPointer
  private let isBigEndian: Bool
  private var offset = 0

  /// - Parameter bytes: begin where alignment counts from.
  init(_ bytes: UnsafeRawBufferPointer, isBigEndian: Bool) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  var isAtEnd: Bool { offset >= bytes.count }

  mutating func skip(_ count: Int) { offset += min(max(count, 0), max(bytes.count - offset, 0)) }

  /// Steps over padding, of which there is none behind the last value.
  mutating func align(to boundary: Int) { offset = min((offset + boundary - 1) / boundary * boundary, bytes.count) }

  mutating func byte() -> UInt8? {
    guard offset < bytes.count else { return nil }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// A number of 32 bits.
  mutating func number() -> UInt32? {
    align(to: 4)
    guard let raw = take(4) else { return nil }
    let value = raw.loadUnaligned(as: UInt32.self)
    return isBigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
  }

  /// A text, or the path of an object.
  mutating func text() -> UnsafeRawBufferPointer? {
    guard let count = number(), let text = take(Int(count)), byte() == 0 else { return nil }
    return text
  }

  mutating func signature() -> UnsafeRawBufferPointer? {
    guard let count = byte(), let text = take(Int(count)), byte() == 0 else { return nil }
    return text
  }

  /// Steps over a value that consists of nothing else; of the header fields that there are, no other has one.
  mutating func skipValue(of type: UInt8) -> Bool {
    switch type {
    case UInt8(ascii: "y"): return byte() != nil
    case UInt8(ascii: "n"), UInt8(ascii: "q"): return stepOver(2)
    case UInt8(ascii: "b"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "h"): return number() != nil
    case UInt8(ascii: "x"), UInt8(ascii: "t"), UInt8(ascii: "d"): return stepOver(8)
    case UInt8(ascii: "s"), UInt8(ascii: "o"): return text() != nil
    case UInt8(ascii: "g"): return signature() != nil
    default: return false
    }
  }

  // A number of so many bytes, which stands at a multiple of them.
  private mutating func stepOver(_ size: Int) -> Bool {
    align(to: size)
    return take(size) != nil
  }

  private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count <= bytes.count - offset else { return nil }
    defer { offset += count }
    return bytes.part(offset..<offset + count)
  }
}

/// Puts values behind one another as D-Bus wants them, in the order of bytes of little-endian machines.
struct DBusWriter {
  var bytes: [UInt8] = []

  mutating func align(to boundary: Int) {
    while bytes.count % boundary != 0 { bytes.append(0) }
  }

  mutating func number(_ value: UInt32) {
    align(to: 4)
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  mutating func text(_ text: String) {
    number(UInt32(clamping: text.utf8.count))
    bytes += Array(text.utf8) + [0]
  }

  /// - Parameter types: at most 255.
  mutating func signature(_ types: String) {
    bytes.append(UInt8(clamping: types.utf8.count))
    bytes += Array(types.utf8) + [0]
  }

  /// A field of a header: a structure of a code and a variant.
  mutating func field(_ code: UInt8, _ type: String, _ value: (inout DBusWriter) -> Void) {
    align(to: 8)
    bytes.append(code)
    signature(type)
    value(&self)
  }
}
