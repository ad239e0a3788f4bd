internal import CDeflate
internal import Unix

/// Compresses request bodies as gzip (RFC 1952) by libdeflate, which takes half of zlib's time for the same size.
final class Gzip {
  private let compressor: OpaquePointer?

  /// - Parameter level: 1 (fast) to 12 (small); 6 is the usual middle.
  init(level: Int32 = 6) { compressor = libdeflate_alloc_compressor(level) }

  deinit {
    if let compressor { libdeflate_free_compressor(compressor) }
  }

  /// The bytes compressed, or nil where that would not make them smaller.
  func compress(_ bytes: UnsafeRawBufferPointer) -> ByteBuffer? {
    guard let compressor, let base = bytes.baseAddress else { return nil }
    let result = ByteBuffer(capacity: bytes.count)
    let room = result.reserve(bytes.count)
    let length = libdeflate_gzip_compress(compressor, base, bytes.count, room, bytes.count)
    guard length > 0 else { return nil }
    result.advance(length)
    return result
  }
}
