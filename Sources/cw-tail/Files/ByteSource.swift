internal import Unix

/// The bytes of one file of a log, as they are or decompressed.
protocol ByteSource: AnyObject {
  var identity: FileIdentity { get }
  /// When the file was last written to, in milliseconds since the epoch.
  var modified: Int64 { get }
  /// Reads `count` bytes at `offset`, or fewer only at the end.
  /// - Returns: how many were read; 0 at the end.
  /// - Throws: `SystemError`.
  func read(into memory: UnsafeMutableRawPointer, count: Int, at offset: Int64) throws -> Int
  /// The present status of the file; nil: it never changes.
  /// - Throws: `SystemError`.
  func status() throws -> stat?
  /// Why the bytes end too early after those that were read last; nil: they are intact as far as they were read.
  var damage: SystemError? { get }
}

extension ByteSource {
  var damage: SystemError? { nil }

  var modified: Int64 { (try? status()).flatMap { $0 }.map { FileChange($0).milliseconds } ?? 0 }

  /// Whether the head and the bytes before the offset are those of `position`.
  /// - Throws: `SystemError` on a passing shortage; after any other error the file counts as another one.
  func matches(_ position: FilePosition) throws -> Bool {
    let headLength = Int(min(position.offset, Int64(FilePosition.headLength)))
    let markerLength = Int(min(position.offset, Int64(FilePosition.markerLength)))
    return try hash(of: headLength, at: 0) == position.head
      && hash(of: markerLength, at: position.offset - Int64(markerLength)) == position.marker
  }

  /// The position at `offset`, with the hashes that identify the file.
  /// - Throws: `SystemError` if the file cannot be read, or is shorter.
  func position(at offset: Int64, modified: Int64, state: FilePosition.State = .reading) throws -> FilePosition {
    let markerLength = min(offset, Int64(FilePosition.markerLength))
    guard let head = try hash(of: Int(min(offset, Int64(FilePosition.headLength))), at: 0),
      let marker = try hash(of: Int(markerLength), at: offset - markerLength)
    else { throw SystemError("read a file up to byte \(offset)", code: EIO) }
    return FilePosition(identity: identity, offset: offset, head: head, marker: marker, modified: modified, state: state)
  }

  /// How many bytes from `offset` on are equal in both sources, up to `limit`.
  func countOfEqualBytes(_ other: any ByteSource, from offset: Int64, limit: Int64) throws -> Int64 {
    let size = 1 << 16
    var count: Int64 = 0
    while count < limit {
      let wanted = Int(min(Int64(size), limit - count))
      let (mine, theirs) = (try upTo(wanted, at: offset + count), try other.upTo(wanted, at: offset + count))
      let equal = zip(mine, theirs).prefix { $0 == $1 }.count
      count += Int64(equal)
      if equal < wanted { break }
    }
    return count
  }

  private func hash(of count: Int, at offset: Int64) throws -> UInt64? {
    guard let bytes = try bytes(count, at: offset) else { return nil }
    var checksum = Checksum()
    checksum.add(bytes)
    return checksum.value
  }

  /// `count` bytes at `offset`; nil if there are fewer.
  func bytes(_ count: Int, at offset: Int64) throws -> [UInt8]? {
    let bytes = try upTo(count, at: offset)
    return bytes.count == count ? bytes : nil
  }

  private func upTo(_ count: Int, at offset: Int64) throws -> [UInt8] {
    guard count > 0 else { return [] }
    do {
      return try [UInt8](unsafeUninitializedCapacity: count) { memory, initialized in
        initialized = try memory.baseAddress.map { try read(into: $0, count: count, at: offset) } ?? 0
      }
    } catch let error as SystemError where !error.isShortage {
      return []
    }
  }
}

/// A file as it is on the disk.
final class FileByteSource: ByteSource {
  let identity: FileIdentity
  private let descriptor: Int32
  private let path: String

  /// Opens a regular file without blocking. Anything else is not even opened: opening and closing a FIFO would end its writer, and
  /// opening a device may have any effect.
  /// - Throws: `SystemError`; `EISDIR` or `ENOTSUP` if it is not a regular file, `ELOOP` for a link that `LinkPolicy` forbids.
  init(path: String) throws {
    self.path = path
    guard let before = FileStatus.of(path) else { throw SystemError("open \(path)") }
    guard before.isRegular else { throw SystemError("open \(path)", code: before.isFolder ? EISDIR : ENOTSUP) }
    descriptor = FileName.withBytes(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    var status = stat()
    let isThere = fstat(descriptor, &status) == 0
    identity = FileIdentity(status)
    // All properties are set here, so `deinit` closes the descriptor if this throws.
    guard isThere, status.isRegular else { throw SystemError("open \(path)", code: isThere ? ENOTSUP : EIO) }
    guard LinkPolicy.allows(path, status) else { throw SystemError("open \(path)", code: ELOOP) }
  }

  deinit { close(descriptor) }

  func status() throws -> stat? { try FileStatus.of(descriptor, name: path) }

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

  /// The format in which the file is compressed; nil: it is not compressed.
  func compression() throws -> Compression? {
    var head = [UInt8](repeating: 0, count: Compression.headLength)
    let count = try head.withUnsafeMutableBytes { memory in
      try memory.baseAddress.map { try read(into: $0, count: Compression.headLength, at: 0) } ?? 0
    }
    return Compression(head: Array(head.prefix(count)))
  }

  /// The offset of the first byte from `offset` on that is not in a hole; the size, if there is none; nil: the file system does not tell.
  func nextData(from offset: Int64) -> Int64? {
    #if os(Linux)
      // SEEK_DATA, which glibc defines only with _GNU_SOURCE.
      let next = lseek(descriptor, off_t(offset), 3)
      if next >= 0 { return Int64(next) }
      return errno == ENXIO ? (try? status())?.size : nil
    #else
      return nil
    #endif
  }

  func withDescriptor<Result>(_ body: (Int32) throws -> Result) rethrows -> Result { try body(descriptor) }
}
