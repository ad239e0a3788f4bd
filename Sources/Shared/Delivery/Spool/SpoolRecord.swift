internal import CDeflate
internal import Unix

/// How a record lies in a segment: a header of 12 bytes, and the payload.
///
///     0   F7 63 77 73   where a record may begin; no text in UTF-8 has the first byte
///     4   UInt32        CRC-32 of everything behind it, begun with the record's place
///     8   UInt32        length of the payload (24 bits), kind (8 bits)
///
/// Numbers are little-endian. The place is the segment's number and the offset in it, so that the page of another segment,
/// which a power cut may bring up, is no record. CRC-32 is libdeflate's, by the processor's own instructions: `Checksum` would take
/// half of what sending costs.
enum SpoolRecord {
  enum Kind: UInt8 {
    /// Where the records go; the first record of each segment.
    case label = 1
    case data = 2
  }

  static let headerLength = 12
  static let maximumPayload = 1 << 24 - 1
  private static let magic: UInt32 = 0x7377_63F7
  private static let firstByte: UInt8 = 0xF7

  /// Where something lies: `start` is the offset in the segment at which the bytes begin.
  struct Location {
    var segment: Int64
    var start: Int
  }

  /// Makes a record of what stands in the buffer behind `index`, of which the first `headerLength` bytes are free.
  static func seal(_ buffer: ByteBuffer, from index: Int, kind: Kind, _ location: Location) {
    let length = UInt32(truncatingIfNeeded: buffer.count - index - headerLength)
    let header = buffer.base + index
    header.storeBytes(of: magic.littleEndian, as: UInt32.self)
    header.storeBytes(of: (length | UInt32(kind.rawValue) << 24).littleEndian, toByteOffset: 8, as: UInt32.self)
    let sum = checksum(buffer.bytes.part(index + 8..<buffer.count), location.segment, offset: location.start + index)
    header.storeBytes(of: sum.littleEndian, toByteOffset: 4, as: UInt32.self)
  }

  enum Found: Equatable {
    case record(Kind, payload: Range<Int>)
    /// Nothing whole before this index; a record begins there, or the bytes end.
    case damage(until: Int)
    case end
  }

  /// What stands at `index`.
  static func find(in bytes: UnsafeRawBufferPointer, at index: Int, _ location: Location) -> Found {
    guard index < bytes.count else { return .end }
    if let (kind, payload) = record(in: bytes, at: index, location) { return .record(kind, payload: payload) }
    var candidate = index + 1
    while let next = bytes.firstIndex(of: firstByte, from: candidate) {
      if record(in: bytes, at: next, location) != nil { return .damage(until: next) }
      candidate = next + 1
    }
    return .damage(until: bytes.count)
  }

  /// The payload at `index` of bytes that this process has written itself, and that are still in its memory.
  static func trusted(in bytes: UnsafeRawBufferPointer, at index: Int) -> (Kind, payload: Range<Int>)? {
    guard bytes.count - index >= headerLength else { return nil }
    guard UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)) == magic else { return nil }
    let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index + 8, as: UInt32.self))
    let (start, length) = (index + headerLength, Int(word & 0xFF_FFFF))
    guard let kind = Kind(rawValue: UInt8(word >> 24)), length <= bytes.count - start else { return nil }
    return (kind, start..<start + length)
  }

  private static func record(in bytes: UnsafeRawBufferPointer, at index: Int, _ location: Location) -> (Kind, Range<Int>)? {
    guard let (kind, payload) = trusted(in: bytes, at: index) else { return nil }
    let sum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self))
    guard sum == checksum(bytes.part(index + 8..<payload.upperBound), location.segment, offset: location.start + index) else { return nil }
    return (kind, payload)
  }

  private static func checksum(_ bytes: UnsafeRawBufferPointer, _ segment: Int64, offset: Int) -> UInt32 {
    // Any bijection of the segment's low bits; the odd factor keeps neighbours apart.
    let seed = UInt32(truncatingIfNeeded: segment) &* 0x9E37_79B1 ^ UInt32(truncatingIfNeeded: offset)
    return libdeflate_crc32(seed, bytes.baseAddress, bytes.count)
  }
}
