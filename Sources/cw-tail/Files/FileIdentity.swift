internal import Unix

/// Which file this is, whatever its name. Not enough by itself: ext4 gives the inode of a deleted file to the next one that is
/// made, so what a file contains must match as well (`FilePosition`).
struct FileIdentity: Hashable {
  var device: UInt64
  var inode: UInt64

  init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }

  init(_ status: stat) {
    self.init(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// Of the file that a path leads to, or nil.
  init?(path: String) {
    guard let status = FileStatus.of(path) else { return nil }
    self.init(status)
  }
}

/// When a file was last written to, as far as the file system tells.
struct FileChange: Equatable {
  private let seconds: Int
  private let nanoseconds: Int

  init(_ status: stat) {
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    self.init(time)
  }

  /// When anything of the file was changed last; of a folder, also what is in it. Nobody can set this time.
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

  /// The longest time from the epoch that is told apart, in milliseconds (285,000 years): anyone may give a file any time, and differences
  /// of two times must have room.
  static let limit: Int64 = 1 << 53

  /// Since the epoch.
  var milliseconds: Int64 {
    let whole = min(max(Int64(seconds), -Self.limit / 1000), Self.limit / 1000)
    return whole * 1000 + Int64(nanoseconds / 1_000_000)
  }
}
