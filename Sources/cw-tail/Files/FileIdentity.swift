internal import Unix

/// The identity of a file, whatever its name. It is not proof by itself: ext4 gives the inode of a deleted file to the next one that is
/// created, so what a file contains must match as well (`FilePosition`).
struct FileIdentity: Hashable {
  var device: UInt64
  var inode: UInt64
}

extension FileIdentity {
  init(_ status: stat) {
    self.init(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// The identity of the file that a path leads to; nil if there is none.
  init?(path: String) {
    guard let status = FileStatus.of(path) else { return nil }
    self.init(status)
  }
}

/// When a file was last changed, with the precision of its file system.
struct FileChange: Equatable {
  private let seconds: Int
  private let nanoseconds: Int

  init(_ status: stat) { self.init(status.modified) }

  /// The ctime: when anything of the file was changed last, which for a folder includes its entries. No program can set this time.
  init(ofInode status: stat) {
    #if canImport(Darwin)
      self.init(status.st_ctimespec)
    #else
      self.init(status.st_ctim)
    #endif
  }

  private init(_ time: timespec) {
    seconds = Int(time.tv_sec)
    nanoseconds = Int(time.tv_nsec)
  }

  /// The largest distance from the epoch that is represented, in milliseconds (285,000 years): any program may give a file any time, and
  /// differences of two times must not overflow.
  static let limit: Int64 = 1 << 53

  /// Milliseconds since the epoch, at most `limit` from it.
  var milliseconds: Int64 {
    let whole = min(max(Int64(seconds), -Self.limit / 1000), Self.limit / 1000)
    return whole * 1000 + Int64(nanoseconds / 1_000_000)
  }
}
