internal import Unix

/// Which file this is, whatever its name: a number alone is not enough, since ext4 gives the inode of a deleted file to
/// the next one that is made.
struct FileIdentity: Hashable {
  var device: UInt64
  var inode: UInt64

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }
}

/// When a file was last written to, as far as the file system tells.
struct FileChange: Equatable {
  private var seconds = 0
  private var nanoseconds = 0

  init() {}

  init(_ status: stat) {
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    seconds = Int(time.tv_sec)
    nanoseconds = Int(time.tv_nsec)
  }
}

/// The beginning of a file, as a short hash: tells a file from a later one with the same inode.
struct FileHead: Equatable {
  /// How many bytes were there to hash.
  var length: Int
  var hash: UInt64

  static let maximumLength = 256

  /// - Parameter length: how many bytes at most; the head of a file that has grown is compared over its old length.
  init(descriptor: Int32, length: Int = maximumLength) throws {
    var bytes = [UInt8](repeating: 0, count: min(max(length, 1), Self.maximumLength))
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw SystemError("read the head of a file") }
    self.length = count
    // FNV-1a, 64 bits
    hash = bytes.prefix(count).reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
