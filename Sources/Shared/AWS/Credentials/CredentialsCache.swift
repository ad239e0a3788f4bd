internal import Unix

/// The folder in which all processes of a machine share their credentials.
///
/// It is opened for each look-up: it may be removed, or become writable only after this process has started. A problem with it is a
/// warning, once: signing in works without it.
final class CredentialsCache {
  private let path: String
  private let warn: (String) -> Void
  private var warned: Set<String> = []

  init(_ path: String, warn: @escaping (String) -> Void) {
    // With a slash at its end, open(2) would follow a link.
    self.path = path.last == "/" ? String(path.reversed().drop { $0 == "/" }.reversed()) : path
    self.warn = warn
  }

  /// The file of one identity; nil if the folder cannot be used.
  func file(of identity: String) -> CredentialsFile? {
    do {
      let (descriptor, status) = try openFolder()
      return CredentialsFile(identity: identity, folder: descriptor, owner: status.st_uid, group: status.st_gid, path: path)
    } catch {
      warnOnce(error)
      return nil
    }
  }

  /// Says once what keeps credentials from being shared.
  func warnOnce(_ error: any Error) {
    let reason = (error as? any Failure)?.message ?? "\(error)"
    if warned.insert(reason).inserted { warn("credentials are not shared with other processes: \(reason)") }
  }

  private func openFolder() throws -> (Int32, stat) {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    var descriptor = open(path, flags)
    if descriptor < 0, errno == ENOENT {
      try make()
      descriptor = open(path, flags)
    }
    guard descriptor >= 0 else {
      let error = SystemError("open \(path)")
      // Otherwise one of the directories above is no directory.
      if error.code == ENOTDIR || error.code == ELOOP, FileStatus.ofLink(path) != nil {
        throw CredentialsError("\(path) is a symbolic link or no directory; remove it, or name another state directory")
      }
      throw error
    }
    do {
      let status = try FileStatus.of(descriptor, name: path)
      if let trustError = Self.trustError(to: status, user: geteuid()) { throw CredentialsError("\(path) \(trustError)") }
      return (descriptor, status)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Why a folder with this status is not trusted; nil: it is.
  static func trustError(to status: stat, user: uid_t) -> String? {
    guard status.st_uid == user || user == 0 else {
      return "belongs to another user (\(status.st_uid)); name a state directory of your own"
    }
    return status.st_mode & 0o022 == 0 ? nil : "may be written to by others; take that away from them (chmod go-w)"
  }

  // Makes the directories above too. Those that root makes in another user's directory are given to that user: an administrator who
  // tries something out must not lock the service out.
  private func make() throws {
    try makeDirectories(path, "the directory") { if geteuid() == 0 { try giveToOwnerOfParent($0) } }
  }

  private func giveToOwnerOfParent(_ directory: String) throws {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open \(directory)") }
    defer { close(descriptor) }
    var status = stat()
    // The descriptor is used, since the owner could swap both names meanwhile and get a directory of another user.
    guard fstatat(descriptor, "..", &status, 0) == 0, status.st_uid != 0 else { return }
    guard fchown(descriptor, status.st_uid, status.st_gid) == 0 else {
      let code = errno
      rmdir(directory)
      throw SystemError("give \(directory) to its owner", code: code)
    }
  }
}
