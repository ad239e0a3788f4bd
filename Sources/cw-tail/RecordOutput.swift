internal import Records
internal import Unix

/// The buffer between the records and standard output. It never blocks: files rotate while the reader is slow, and must be opened in time.
final class RecordOutput {
  let writer = LogRecordWriter(buffer: ByteBuffer(capacity: 2 * size))
  private let write: (UnsafeRawBufferPointer) throws -> Int
  private var sent = 0

  /// Bytes that are collected before they are written.
  static let size = 1 << 16

  /// - Parameter write: writes as many of the bytes as there is room for and returns how many; they are valid during the call.
  init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Int) { self.write = write }

  var isFull: Bool { writer.buffer.count >= Self.size }

  /// Writes what is collected.
  /// - Returns: false if the reader has taken only a part of it.
  func flush() throws -> Bool {
    let all = writer.buffer.bytes
    while sent < all.count {
      let count = try write(all.part(sent..<all.count))
      guard count > 0 else { return false }
      sent += count
    }
    sent = 0
    writer.buffer.removeAll()
    writer.buffer.shrink(to: 4 * Self.size)
    return true
  }
}
