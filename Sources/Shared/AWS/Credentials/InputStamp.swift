internal import Unix

/// Tells whether files have changed without reading them.
enum InputStamp {
  /// A hash of what identifies the files' content to the file system: unhashed, the size of a password file would tell the password's
  /// length.
  static func of(_ paths: [String]) -> String {
    SHA256.hash(paths.map { "\($0)\0\(self.state($0))\0" }.joined()).hex
  }

  private static func state(_ path: String) -> String {
    // Each process has its own pipe, whose content cannot be compared.
    guard let status = FileStatus.of(path), status.isRegular else { return "none" }
    let time = status.modified
    return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)"
  }
}
