internal import Unix

/// The cached credentials of one identity in an open folder, and the lock that lets one process at a time fetch new ones.
final class CredentialsFile {
  /// Credentials and tokens are some kilobytes.
  static let largest = 1 << 20

  private let identity: String
  private let folder: Int32
  private let owner: uid_t
  private let group: gid_t
  private let path: String
  private let name: String
  private var lock: Int32 = -1

  /// - Parameter folder: a descriptor, which is closed with this value; `path` is its name for messages.
  init(identity: String, folder: Int32, owner: uid_t, group: gid_t, path: String) {
    self.identity = identity
    self.folder = folder
    self.owner = owner
    self.group = group
    self.path = path
    name = SHA256.hash(identity).hex
  }

  deinit {
    unlock()
    close(folder)
  }

  /// Nil if there is no file, or not one that this program wrote.
  func load() -> CachedCredentials? {
    // Without blocking, since the file may be a pipe.
    let descriptor = openat(folder, "\(name).json", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let status = try? FileStatus.of(descriptor, name: path), status.isRegular, status.st_uid == owner, status.st_mode & 0o077 == 0,
      let bytes = try? TextFile.read(descriptor: descriptor, name: path, limit: Self.largest)
    else { return nil }
    return bytes.withUnsafeBytes { CachedCredentials($0, identity: identity) }
  }

  /// Replaces the file; the caller holds the lock. A reader finds the old or the new content, also after a kill or a power cut.
  func store(_ kept: CachedCredentials) throws {
    let bytes = ByteBuffer()
    kept.append(to: bytes)
    // No other process writes now: a file of the temporary name is left over from a killed one.
    try AtomicFile.write(
      bytes.bytes, to: "\(name).json", in: folder, name: "\(path)/\(name).json", temporary: "\(name).new", owner: (owner, group))
  }

  /// Takes the lock, which the kernel releases if this process dies; false: another process holds it.
  /// - Throws: `SystemError` if the file system has no locks, or the file cannot be made.
  func takeLock() throws -> Bool {
    if lock < 0 { lock = try openLock() }
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      guard errno == EINTR else { throw SystemError("lock \(path)/\(name).lock") }
    }
    return true
  }

  func unlock() {
    guard lock >= 0 else { return }
    close(lock)
    lock = -1
  }

  // The lock's file is never removed: two processes would hold two locks of one name.
  private func openLock() throws -> Int32 {
    let file = "\(name).lock"
    while true {
      let descriptor = openat(folder, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      if descriptor >= 0 { return descriptor }
      guard errno == ENOENT else { throw SystemError("open \(path)/\(file)") }
      do {
        return try make(file, O_RDWR)
      } catch let error as SystemError where error.code == EEXIST {
        continue
      }
    }
  }

  // Makes a file that belongs to the folder's owner, whichever user makes it.
  private func make(_ file: String, _ flags: Int32) throws -> Int32 {
    let descriptor = openat(folder, file, flags | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemError("make \(path)/\(file)") }
    guard owner == geteuid() || fchown(descriptor, owner, group) == 0 else {
      let code = errno
      close(descriptor)
      unlinkat(folder, file, 0)
      throw SystemError("give \(path)/\(file) to its owner", code: code)
    }
    return descriptor
  }
}
