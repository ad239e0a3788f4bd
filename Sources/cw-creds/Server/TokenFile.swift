internal import Unix

/// The file from which a client reads the token. There for its owner only, whole from its first moment, gone at the end.
final class TokenFile {
  let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Puts it in the place of what a killed server has left there. A symbolic link is replaced and not followed.
  init(_ token: AccessToken, at path: String) throws {
    self.path = path
    let new = "\(path).\(getpid())"
    unlink(new)
    let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError("make the token file \(path)") }
    defer { close(descriptor) }
    do {
      try Array(token.text.utf8).withUnsafeBytes { try Descriptor.writeAll(descriptor, $0, at: 0, name: "the token file \(path)") }
      var status = stat()
      guard fstat(descriptor, &status) == 0, rename(new, path) == 0 else { throw SystemError("make the token file \(path)") }
      (device, inode) = (status.st_dev, status.st_ino)
    } catch {
      unlink(new)
      throw error
    }
  }

  /// Unless another server has put its own there.
  func remove() {
    var status = stat()
    if lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode { unlink(path) }
  }
}
