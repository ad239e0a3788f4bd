/// One Unicode scalar as UTF-8 bytes (The Unicode Standard, table 3-7). Inlinable, because hot loops of other modules stand on it.
package enum UTF8Scalar {
  /// Bytes of the well-formed scalar at `pointer`, which is not ASCII; 0 if it is not well-formed.
  @inlinable
  package static func length(at pointer: UnsafeRawPointer, _ end: UnsafeRawPointer) -> Int {
    let first = pointer.load(as: UInt8.self)
    guard let (length, second) = shape(first), end - pointer >= length,
      second.contains((pointer + 1).load(as: UInt8.self))
    else { return 0 }
    for index in 2..<max(length, 2) where (pointer + index).load(as: UInt8.self) & 0xC0 != 0x80 { return 0 }
    return length
  }

  /// How many bytes of a broken scalar one U+FFFD stands for: its longest well-formed beginning, at least one byte
  /// (chapter 3.9, "substitution of maximal subparts"; what Swift's own decoder does).
  @inlinable
  package static func invalidLength(at pointer: UnsafeRawPointer, _ end: UnsafeRawPointer) -> Int {
    guard let (length, second) = shape(pointer.load(as: UInt8.self)), end - pointer >= 2,
      second.contains((pointer + 1).load(as: UInt8.self))
    else { return 1 }
    var good = 2
    while good < length, end - pointer > good, (pointer + good).load(as: UInt8.self) & 0xC0 == 0x80 { good += 1 }
    return good
  }

  /// Bytes that a scalar needs.
  @inlinable
  package static func width(of scalar: UInt32) -> Int {
    scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
  }

  /// Writes a scalar at `out`, which has room for it, and moves `out` behind it.
  @inlinable
  package static func store(_ scalar: UInt32, _ out: inout UnsafeMutableRawPointer) {
    let width = width(of: scalar)
    if width == 1 {
      out.storeBytes(of: UInt8(truncatingIfNeeded: scalar), as: UInt8.self)
    } else {
      let mark: UInt8 = width == 2 ? 0xC0 : width == 3 ? 0xE0 : 0xF0
      for index in 0..<width {
        let bits = UInt8(truncatingIfNeeded: scalar >> UInt32(6 * (width - 1 - index)))
        out.storeBytes(of: index == 0 ? mark | bits : 0x80 | bits & 0x3F, toByteOffset: index, as: UInt8.self)
      }
    }
    out += width
  }

  /// Where `text` can be cut so that what stands before, once its broken bytes are U+FFFD, has at most `limit` bytes (of
  /// which there must be three) and no character is torn.
  package static func cut(_ text: UnsafeRawBufferPointer, limit: Int) -> Int {
    // One broken byte becomes three at worst.
    guard text.count > limit / 3, let base = text.baseAddress else { return text.count }
    let end = base + text.count
    var next = UnsafeRawPointer(base)
    var left = limit
    while next < end {
      var step = 1
      var width = 1
      if next.load(as: UInt8.self) >= 0x80 {
        step = length(at: next, end)
        width = step
        if step == 0 {
          step = invalidLength(at: next, end)
          width = 3
        }
      }
      if width > left { break }
      left -= width
      next += step
    }
    return next - base
  }

  /// Length of the scalar that begins with `first`, and what its second byte may be.
  @inlinable @inline(__always)
  package static func shape(_ first: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch first {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE, 0xEF: (3, 0x80...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
