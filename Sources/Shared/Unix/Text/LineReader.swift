/// Lines of a byte stream, cut at LF, in memory bounded by the longest line asked for.
///
/// Nothing is copied: a line lies in the reader's own buffer and is valid until the next call.
package final class LineReader {
  package struct Line {
    /// The bytes, without the LF.
    package let bytes: UnsafeRawBufferPointer
    package let terminator: Terminator

    /// A line whose memory the caller keeps.
    package init(bytes: UnsafeRawBufferPointer, terminator: Terminator) {
      self.bytes = bytes
      self.terminator = terminator
    }
  }

  package enum Terminator {
    /// The LF stood there.
    case lineFeed
    /// The line is longer than the reader's bound; the next one continues it.
    case cut
    /// The input ended before an LF.
    case endOfInput
  }

  package let descriptor: Int32
  package let maximumLength: Int
  private let buffer: ByteBuffer
  private let blockSize: Int
  private var start = 0  // offset of the first unread byte
  private var searched = 0  // no LF in start..<searched
  package private(set) var isAtEnd = false

  /// - Parameters:
  ///   - maximumLength: a longer line comes in pieces of at most this many bytes, all but the last with `.cut`, none of
  ///     which begins inside a UTF-8 character.
  ///   - blockSize: how much one `read(2)` asks for.
  package init(descriptor: Int32, maximumLength: Int, blockSize: Int = 1 << 16) {
    self.descriptor = descriptor
    self.maximumLength = max(maximumLength, 1)
    self.blockSize = blockSize
    buffer = ByteBuffer(capacity: 2 * blockSize)
  }

  /// Reads once. Call it when `next` has nothing more.
  /// - Throws: `SystemError`.
  @discardableResult
  package func fill() throws -> Descriptor.ReadResult {
    if start > 0 {
      buffer.removeFirst(start)
      searched -= start
      start = 0
    }
    let result = try Descriptor.read(descriptor, into: buffer.reserve(blockSize), count: blockSize)
    switch result {
    case .bytes(let n): buffer.advance(n)
    case .end: isAtEnd = true
    case .wouldBlock: break
    }
    return result
  }

  /// Reads no more: what is held is the end of the input.
  package func endInput() { isAtEnd = true }

  /// The next line, or nil if more must be read first (or, at the end, if there is none).
  package func next() -> Line? {
    let held = buffer.bytes
    if let lineFeed = held.firstIndex(of: 0x0A, from: searched), lineFeed - start <= maximumLength {
      defer {
        start = lineFeed + 1
        searched = start
      }
      return Line(bytes: held.part(start..<lineFeed), terminator: .lineFeed)
    }
    if held.count - start > maximumLength {
      let end = scalarBoundary(atOrBefore: start + maximumLength, in: held)
      defer {
        start = end
        searched = end
      }
      return Line(bytes: held.part(start..<end), terminator: .cut)
    }
    searched = held.count
    guard isAtEnd, start < held.count else { return nil }
    defer { start = held.count }
    return Line(bytes: held.part(start..<held.count), terminator: .endOfInput)
  }

  /// All whole lines held, with their LFs, as one piece: for a search in many lines at once. Nil if
  /// there is none, or the first is longer than the bound; `next` then says what is there.
  package func nextWholeLines() -> UnsafeRawBufferPointer? {
    let held = buffer.bytes
    guard let first = held.firstIndex(of: 0x0A, from: searched) else {
      searched = held.count
      return nil
    }
    guard first - start <= maximumLength else { return nil }
    // There is one, so this ends.
    var last = held.count - 1
    while held[last] != 0x0A { last -= 1 }
    defer {
      start = last + 1
      searched = start
    }
    return held.part(start..<(last + 1))
  }

  // A UTF-8 character has at most three bytes 10xxxxxx behind its first; more of them in a row are no text at all.
  private func scalarBoundary(atOrBefore end: Int, in held: UnsafeRawBufferPointer) -> Int {
    for step in 0..<4 where end - step > start && held[end - step] & 0xC0 != 0x80 { return end - step }
    return end
  }
}
