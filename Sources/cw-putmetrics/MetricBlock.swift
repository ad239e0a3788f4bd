internal import CDeflate
internal import Records
internal import Unix

/// Records that were read together, as they wait in a queue: a header, and their lines (cw-record(5)), compressed to about a tenth.
///
///     0   UInt8    1: deflate (RFC 1951), 0: as they are
///     1   UInt32   number of records
///     5   UInt32   size of the lines in bytes
///     9   lines
///
/// Numbers are little-endian.
final class MetricBlock {
  /// A block has no more, as many as fit into a call.
  static let maximumCount = 1000
  private static let maximumSize = 1 << 19
  /// One record of a megabyte may come behind that, and be four times as long with its numbers written out.
  private static let largestSize = 16 << 20
  private static let headerLength = 9

  private let lines = ByteBuffer(capacity: 1 << 12)
  private(set) var count = 0
  private let compressor = libdeflate_alloc_compressor(6)

  deinit { if let compressor { libdeflate_free_compressor(compressor) } }

  var isEmpty: Bool { count == 0 }
  var isFull: Bool { count >= Self.maximumCount || lines.count >= Self.maximumSize }

  func add(_ record: MetricRecord) {
    record.append(to: lines)
    count += 1
  }

  /// Appends the block to a buffer, and begins anew.
  func move(to buffer: ByteBuffer) {
    let compressed = ByteBuffer(capacity: lines.count)
    let room = compressed.reserve(lines.count)
    let length = compressor.map { libdeflate_deflate_compress($0, lines.base, lines.count, room, lines.count) } ?? 0
    compressed.advance(length)
    buffer.append(byte: length > 0 ? 1 : 0)
    for number in [UInt32(count), UInt32(lines.count)] {
      buffer.reserve(4).storeBytes(of: number.littleEndian, as: UInt32.self)
      buffer.advance(4)
    }
    buffer.append(length > 0 ? compressed : lines)
    lines.removeAll()
    count = 0
  }

  /// How many records are in a block.
  static func count(in block: UnsafeRawBufferPointer) -> Int { number(block, at: 1) ?? 0 }

  /// The records of a block; nil if it is none.
  static func records(in block: UnsafeRawBufferPointer) -> [MetricRecord]? {
    guard let size = number(block, at: 5), block.count > headerLength, size <= largestSize else { return nil }
    let body = block.part(headerLength..<block.count)
    guard block[0] == 1 else { return parse(body) }
    guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
    defer { libdeflate_free_decompressor(decompressor) }
    let lines = ByteBuffer(capacity: size)
    let result = libdeflate_deflate_decompress(decompressor, body.baseAddress, body.count, lines.reserve(size), size, nil)
    guard result == LIBDEFLATE_SUCCESS else { return nil }
    lines.advance(size)
    return parse(lines.bytes)
  }

  private static func parse(_ lines: UnsafeRawBufferPointer) -> [MetricRecord] {
    Lines(lines).compactMap { line in
      if case .record(let record) = MetricRecord.parse(line) { return record }
      return nil
    }
  }

  private static func number(_ block: UnsafeRawBufferPointer, at offset: Int) -> Int? {
    guard block.count >= headerLength else { return nil }
    return Int(UInt32(littleEndian: block.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }
}
