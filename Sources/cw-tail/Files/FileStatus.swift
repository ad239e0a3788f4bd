internal import Unix

/// What the kernel says of a file.
enum FileStatus {
  /// Of the file that a path leads to; nil if there is none, with the reason in `errno`.
  static func of(_ path: String) -> stat? {
    var status = stat()
    return FileName.withBytes(path) { stat($0, &status) } == 0 ? status : nil
  }

  /// Of what has the name itself, which may be a link.
  static func ofLink(_ path: String) -> stat? {
    var status = stat()
    return FileName.withBytes(path) { lstat($0, &status) } == 0 ? status : nil
  }
}

extension stat {
  var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
  var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
  var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
  /// In bytes. File systems tell sizes up to 2^63 - 1; half of that leaves room for sums.
  var size: Int64 { min(max(Int64(st_size), 0), Int64.max / 2) }
}
