internal import Unix

/// Which file this is, whatever its name. Not enough by itself: ext4 gives the inode of a deleted file to the next one that is
/// made, so what a file contains must match as well (`Position`).
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
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
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
    seconds = Int(time.tv_sec)
    nanoseconds = Int(time.tv_nsec)
  }

  /// Since the epoch.
  var milliseconds: Int64 { Int64(seconds) &* 1000 &+ Int64(nanoseconds / 1_000_000) }
}
