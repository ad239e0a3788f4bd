/// stat(2), lstat(2) and fstat(2).
package enum FileStatus {
  /// The status of the file that a path leads to; nil on failure, with the reason in `errno`.
  package static func of(_ path: String) -> stat? {
    var status = stat()
    return FileName.withBytes(path) { stat($0, &status) } == 0 ? status : nil
  }

  /// The status of the path itself, which may be a link; nil on failure, with the reason in `errno`.
  package static func ofLink(_ path: String) -> stat? {
    var status = stat()
    return FileName.withBytes(path) { lstat($0, &status) } == 0 ? status : nil
  }

  /// The status of an open file; `name` is for the message.
  /// - Throws: `SystemError`.
  package static func of(_ descriptor: Int32, name: String) throws -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("look at \(name)") }
    return status
  }
}

extension stat {
  package var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
  package var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
  package var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
  /// In bytes, limited to half of the largest number, so that sums do not overflow.
  package var size: Int64 { min(max(Int64(st_size), 0), Int64.max / 2) }

  /// When what is in the file was written last.
  package var modified: timespec {
    #if canImport(Darwin)
      st_mtimespec
    #else
      st_mtim
    #endif
  }
}
