/// Bytes in memory of its own that grows and is used again: the buffer of every hot path.
///
/// Memory is taken from `malloc` and not touched before it is written, so a generous `reserve` costs address space only.
package final class ByteBuffer {
  package private(set) var base: UnsafeMutableRawPointer
  package private(set) var capacity: Int
  package private(set) var count = 0

  /// An empty buffer with room for so many bytes.
  package init(capacity: Int = 4096) {
    self.capacity = max(capacity, 64)
    base = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  /// The bytes held. Valid until the next change, and while the buffer is referenced: where this is its last use, take `array` or
  /// `text`, since Swift may free it at once.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// A copy of the bytes.
  package var array: [UInt8] { Array(bytes) }

  /// The bytes as text; what is not UTF-8 becomes U+FFFD.
  package var text: String { bytes.text }

  package var isEmpty: Bool { count == 0 }

  /// Forgets all bytes and keeps the memory.
  package func removeAll() { count = 0 }

  /// Forgets everything behind the first `newCount` bytes.
  package func truncate(to newCount: Int) { count = min(count, max(newCount, 0)) }

  /// Forgets the first `n` bytes; the rest moves to the front.
  package func removeFirst(_ n: Int) {
    let left = count - min(max(n, 0), count)
    if left > 0 { memmove(base, base + (count - left), left) }
    count = left
  }

  /// Gives back memory above `limit` bytes, for use after one unusually large piece. Only an empty buffer shrinks.
  package func shrink(to limit: Int) {
    guard count == 0, capacity > limit else { return }
    base.deallocate()
    capacity = max(limit, 64)
    base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
  }

  /// Makes room for `n` more bytes and returns where they go; `advance` says how many were written there.
  package func reserve(_ n: Int) -> UnsafeMutableRawPointer {
    if capacity - count < n { grow(by: n) }
    return base + count
  }

  /// Counts `n` bytes that were written where `reserve` said.
  package func advance(_ n: Int) { count += n }

  /// Appends a copy of the bytes.
  package func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    memcpy(reserve(bytes.count), start, bytes.count)
    count += bytes.count
  }

  /// Appends a copy of another buffer's bytes.
  package func append(_ other: ByteBuffer) { append(other.bytes) }

  /// Puts bytes in front of the one at `offset`; what stands there and behind moves.
  package func insert(_ other: ByteBuffer, at offset: Int) {
    let rest = count - min(max(offset, 0), count)
    _ = reserve(other.count)
    let gap = base + (count - rest)
    memmove(gap + other.count, gap, rest)
    memcpy(gap, other.base, other.count)
    count += other.count
  }

  /// Appends the bytes.
  package func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  /// Appends the text in UTF-8.
  package func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends the text in UTF-8.
  package func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends one byte.
  package func append(byte: UInt8) {
    reserve(1).storeBytes(of: byte, as: UInt8.self)
    count += 1
  }

  /// Appends a number in decimal.
  package func append(decimal value: Int64) {
    let room = reserve(20).assumingMemoryBound(to: UInt8.self)
    var magnitude = value.magnitude
    var digits = 1
    var bound: UInt64 = 10
    while digits < 19, magnitude >= bound {
      digits += 1
      bound &*= 10
    }
    let sign = value < 0 ? 1 : 0
    if sign == 1 { room[0] = UInt8(ascii: "-") }
    var offset = sign + digits
    repeat {
      offset -= 1
      room[offset] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude % 10)
      magnitude /= 10
    } while offset > sign
    count += sign + digits
  }

  private func grow(by n: Int) {
    let wanted = max(capacity * 2, count + n)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
    memcpy(larger, base, count)
    base.deallocate()
    base = larger
    capacity = wanted
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are the same. Two empty pieces are.
  package func equals(_ other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard count > 0, let a = baseAddress, let b = other.baseAddress else { return true }
    return memcmp(a, b, count) == 0
  }

  /// Whether the bytes are those of the text in UTF-8.
  package func equals(_ text: StaticString) -> Bool {
    equals(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Where `byte` stands first at or behind `start`, or nil.
  package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    guard start < count, let base = baseAddress, let found = memchr(base + start, Int32(byte), count - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - base
  }

  /// Where a sequence of bytes begins first, or nil.
  package func firstPlace(of wanted: ArraySlice<UInt8>) -> Int? {
    guard let first = wanted.first else { return nil }
    return wanted.withUnsafeBytes { wanted in
      var offset = 0
      while let found = firstIndex(of: first, from: offset), found <= count - wanted.count {
        if part(found..<found + wanted.count).equals(wanted) { return found }
        offset = found + 1
      }
      return nil
    }
  }

  /// The part from `range.lowerBound` up to `range.upperBound`, which must lie inside.
  package func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

  /// The bytes as text; what is not UTF-8 becomes U+FFFD.
  package var text: String { String(decoding: self, as: UTF8.self) }
}
