internal import Unix

/// The file from which a client reads the token: for its owner only, complete from the beginning, removed at the end.
final class TokenFile {
  let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Writes the file, in place of one that a killed server has left. A symbolic link is replaced and not followed.
  /// - Throws: `SystemError`.
  init(_ token: AccessToken, at path: String) throws {
    self.path = path
    let status = try Array(token.text.utf8).withUnsafeBytes { try AtomicFile.write($0, to: path, name: "the token file \(path)") }
    (device, inode) = (status.st_dev, status.st_ino)
  }

  /// Removes the file, unless another server has replaced it.
  func remove() {
    if let status = FileStatus.ofLink(path), status.st_dev == device, status.st_ino == inode { FileName.unlink(path) }
  }
}
