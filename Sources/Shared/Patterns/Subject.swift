internal import Unix

/// A line as patterns see it: valid UTF-8.
package struct Subject {
  package let bytes: UnsafeRawBufferPointer
  /// Nothing but ASCII in it.
  let isASCII: Bool
}

/// Makes subjects of lines. Bytes that are not UTF-8 are seen as U+FFFD, as they are in records: a pattern decides the same in
/// both, and no stray byte lets a line past an exclude.
final class SubjectReader {
  private let repaired = ByteBuffer()

  /// The subject for a line; valid as long as the line is, and until the next call.
  func read(_ line: UnsafeRawBufferPointer) -> Subject {
    guard let start = line.baseAddress, !Self.isASCII(line) else { return Subject(bytes: line, isASCII: true) }
    let end = start + line.count
    var good = start
    repaired.removeAll()
    var isRepaired = false
    while let bad = Self.firstInvalid(good, end) {
      isRepaired = true
      repaired.append(UnsafeRawBufferPointer(start: good, count: bad - good))
      repaired.append("\u{FFFD}")
      good = bad + UTF8Scalar.invalidLength(at: bad, end)
    }
    guard isRepaired else { return Subject(bytes: line, isASCII: false) }
    repaired.append(UnsafeRawBufferPointer(start: good, count: end - good))
    return Subject(bytes: repaired.bytes, isASCII: false)
  }

  @inline(__always)
  private static func isASCII(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count >= 8 else { return !line.contains { $0 >= 0x80 } }
    // The last word overlaps the one before it.
    var seen = line.loadUnaligned(fromByteOffset: line.count - 8, as: UInt64.self)
    var offset = 0
    while line.count - offset >= 32 {
      seen |= line.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      seen |= line.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
      seen |= line.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)
      seen |= line.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self)
      offset += 32
    }
    while line.count - offset >= 8 {
      seen |= line.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    return seen & 0x8080_8080_8080_8080 == 0
  }

  private static func firstInvalid(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> UnsafeRawPointer? {
    var next = start
    while next < end {
      if next.load(as: UInt8.self) < 0x80 {
        next += 1
        continue
      }
      let length = UTF8Scalar.length(at: next, end)
      guard length > 0 else { return next }
      next += length
    }
    return nil
  }
}
