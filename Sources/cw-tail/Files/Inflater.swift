internal import CZlib
internal import Unix

/// Decompresses gzip data block by block in constant memory, without a process, which may not be available.
final class Inflater {
  enum Status: Equatable {
    /// The number of bytes that were decompressed.
    case bytes(Int)
    /// All input is consumed.
    case needsInput
  }

  private var stream = z_stream()
  private let input = UnsafeMutablePointer<UInt8>.allocate(capacity: Inflater.inputSize)
  private var isBetweenMembers = true
  static let inputSize = 1 << 16

  /// - Throws: `SystemError` with `ENOMEM`.
  init() throws {
    guard cw_inflate_init_gzip(&stream) == Z_OK else {
      input.deallocate()
      throw SystemError("unpack", code: ENOMEM)
    }
  }

  deinit {
    inflateEnd(&stream)
    input.deallocate()
  }

  /// Whether the input may end here: everything that was taken is complete.
  var isComplete: Bool { isBetweenMembers && stream.avail_in == 0 }

  /// Takes input; `read` fills the memory and returns how many bytes it has written.
  func take(_ read: (UnsafeMutableRawPointer, Int) throws -> Int) rethrows -> Int {
    let count = try read(input, Self.inputSize)
    stream.next_in = input
    stream.avail_in = UInt32(truncatingIfNeeded: count)
    return count
  }

  /// Decompresses up to `count` bytes.
  /// - Throws: `SystemError` with `EILSEQ` if the data are damaged, `ENOMEM` if memory runs short.
  func unpack(into memory: UnsafeMutableRawPointer, count: Int) throws -> Status {
    stream.next_out = memory.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(truncatingIfNeeded: count)
    while stream.avail_in > 0, stream.avail_out > 0 {
      // Another gzip member may follow, and NULs as padding.
      if isBetweenMembers {
        while stream.avail_in > 0, stream.next_in.pointee == 0 {
          stream.next_in += 1
          stream.avail_in -= 1
        }
        guard stream.avail_in > 0 else { break }
        inflateReset(&stream)
        isBetweenMembers = false
      }
      switch inflate(&stream, Z_NO_FLUSH) {
      case Z_OK: break
      case Z_STREAM_END: isBetweenMembers = true
      case Z_BUF_ERROR: return progress(count)
      case Z_MEM_ERROR: throw SystemError("unpack", code: ENOMEM)
      default:
        let done = count - Int(stream.avail_out)
        // The bytes before the damage are intact.
        if done > 0 { return .bytes(done) }
        throw SystemError("unpack", code: EILSEQ)
      }
    }
    return progress(count)
  }

  private func progress(_ count: Int) -> Status {
    let done = count - Int(stream.avail_out)
    return done > 0 ? .bytes(done) : .needsInput
  }
}
