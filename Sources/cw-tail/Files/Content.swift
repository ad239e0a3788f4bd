internal import Unix

/// The bytes of one generation of a log.
protocol Content: AnyObject {
  var identity: FileIdentity { get }
  /// When it was last written to, in milliseconds since the epoch.
  var modified: Int64 { get }
  /// Reads up to `count` bytes at `offset`; 0 at the end. A whole `count` unless the end comes first.
  func read(into memory: UnsafeMutableRawPointer, count: Int, at offset: Int64) throws -> Int
  /// Looks at the file: how long it is, and when it was last written to. Nil: that says nothing, it never changes.
  func status() throws -> stat?
}

extension Content {
  var modified: Int64 { (try? status()).flatMap { $0 }.map { FileChange($0).milliseconds } ?? 0 }

  /// Whether this is the file of which `position` speaks, by what it contains: its head and the bytes before the offset.
  func matches(_ position: Position) -> Bool {
    let headLength = Int(min(position.offset, Int64(Position.headLength)))
    let markerLength = Int(min(position.offset, Int64(Position.markerLength)))
    return hash(of: headLength, at: 0) == position.head
      && hash(of: markerLength, at: position.offset - Int64(markerLength)) == position.marker
  }

  private func hash(of count: Int, at offset: Int64) -> UInt64? {
    guard let bytes = bytes(count, at: offset) else { return nil }
    var checksum = Checksum()
    checksum.add(bytes)
    return checksum.value
  }

  /// So many bytes, or nil if they are not there.
  func bytes(_ count: Int, at offset: Int64) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    guard count > 0 else { return bytes }
    let found = bytes.withUnsafeMutableBytes { memory in
      memory.baseAddress.flatMap { try? read(into: $0, count: count, at: offset) }
    }
    return found == count ? bytes : nil
  }
}

/// A file as it lies there.
final class FileContent: Content {
  let identity: FileIdentity
  private let descriptor: Int32
  private let path: String

  /// Opens a regular file. Never waits, as for a FIFO without a writer.
  /// - Throws: `SystemError`; `EISDIR` or `ENOTSUP` for what is no regular file.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    var status = stat()
    let isThere = fstat(descriptor, &status) == 0
    identity = FileIdentity(status)
    guard isThere, status.st_mode & S_IFMT == S_IFREG else {
      let code = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ENOTSUP
      // All is set, so that `deinit` closes it.
      throw SystemError("open \(path)", code: isThere ? code : EIO)
    }
  }

  deinit { close(descriptor) }

  func status() throws -> stat? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("look at \(path)") }
    return status
  }

  func read(into memory: UnsafeMutableRawPointer, count: Int, at offset: Int64) throws -> Int {
    var done = 0
    while done < count {
      let n = pread(descriptor, memory + done, count - done, off_t(offset) + off_t(done))
      if n > 0 {
        done += n
      } else if n == 0 {
        break
      } else if errno != EINTR {
        throw SystemError("read \(path)")
      }
    }
    return done
  }
}
