internal import Unix

/// The file from which a client reads the token. There for its owner only, whole from its first moment, gone at the end.
final class TokenFile {
  let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Puts it in the place of what a killed server has left there. A symbolic link is replaced and not followed.
  init(_ token: AccessToken, at path: String) throws {
    self.path = path
    let status = try Array(token.text.utf8).withUnsafeBytes { try AtomicFile.write($0, to: path, name: "the token file \(path)") }
    (device, inode) = (status.st_dev, status.st_ino)
  }

  /// Unless another server has put its own there.
  func remove() {
    var status = stat()
    FileName.withBytes(path) { path in
      if lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode { unlink(path) }
    }
  }
}
