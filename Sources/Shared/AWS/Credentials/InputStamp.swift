internal import Unix

/// Tells whether files have changed without looking into them.
enum InputStamp {
  /// A hash of what identifies the files' content to the file system: in clear, the size of a password file would tell the
  /// password's length.
  static func of(_ paths: [String]) -> String {
    SHA256.hash(paths.map { "\($0)\0\(self.state($0))\0" }.joined()).hex
  }

  private static func state(_ path: String) -> String {
    var status = stat()
    // A pipe is another one for each process: what came through it can not be compared.
    guard FileName.withBytes(path, { stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG else { return "none" }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)"
  }
}
