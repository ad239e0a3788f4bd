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

extension Descriptor {
  /// Makes writing to a pipe return at once. The flag belongs to the open pipe, which others may share: so, where the system can, it is
  /// opened anew for us alone. Everything else (a file, a terminal) takes what it is given.
  static func makeWritingNonBlocking(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT) else { return }
    #if os(Linux)
      let own = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if own >= 0 {
        dup2(own, descriptor)
        close(own)
        return
      }
    #endif
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// Writes as much as there is room for; 0 if there is none.
  static func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws -> Int {
    while true {
      let count = Unix.write(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return 0
      default: throw SystemError("write to descriptor \(descriptor)")
      }
    }
  }
}
