internal import Unix

/// stat(2) and lstat(2).
enum FileStatus {
  /// The status of the file that a path leads to; nil on failure, with the reason in `errno`.
  static func of(_ path: String) -> stat? {
    var status = stat()
    return FileName.withBytes(path) { stat($0, &status) } == 0 ? status : nil
  }

  /// The status of the path itself, which may be a link; nil on failure, with the reason in `errno`.
  static func ofLink(_ path: String) -> stat? {
    var status = stat()
    return FileName.withBytes(path) { lstat($0, &status) } == 0 ? status : nil
  }
}

extension stat {
  var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
  var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
  var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
  /// In bytes, limited to half of the largest number, so that sums do not overflow.
  var size: Int64 { min(max(Int64(st_size), 0), Int64.max / 2) }
}
