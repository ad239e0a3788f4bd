internal import Unix

/// Tells whether files have changed without reading them.
enum InputStamp {
  /// A hash of what identifies the files' content to the file system: unhashed, the size of a password file would tell the password's
  /// length.
  static func of(_ paths: [String]) -> String {
    SHA256.hash(paths.map { "\($0)\0\(self.state($0))\0" }.joined()).hex
  }

  private static func state(_ path: String) -> String {
    var status = stat()
    // Each process has its own pipe, whose content cannot be compared.
    guard FileName.withBytes(path, { stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG else { return "none" }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)"
  }
}
