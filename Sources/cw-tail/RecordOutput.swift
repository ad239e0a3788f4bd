internal import Records
internal import Unix

/// Records on their way out, without ever waiting for the reader: while it is slow, the files must be watched all the same.
final class RecordOutput {
  let writer = LogRecordWriter(buffer: ByteBuffer(capacity: 2 * size))
  private let write: (UnsafeRawBufferPointer) throws -> Int
  private var sent = 0

  /// So much is collected before it is written.
  static let size = 1 << 16

  /// - Parameter write: takes as many of the bytes as there is room for, and says how many; they are valid during the call.
  init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Int) { self.write = write }

  var isFull: Bool { writer.buffer.count >= Self.size }

  /// Writes what there is. False if the reader took less.
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
