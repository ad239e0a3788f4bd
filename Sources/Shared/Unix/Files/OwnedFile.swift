/// Files that no other user may have put in place of ours: a link to a secret, a pipe, what another user has written.
package enum OwnedFile {
  /// Opens a file without following a link, and only if it belongs to us or to root.
  ///
  /// Root checks the whole path: the owner of a directory decides what lies below it.
  /// - Parameters:
  ///   - flags: of open(2). To read only, root may open the file of any user.
  ///   - followsOwnLinks: whether a link is followed that is ours or root's.
  /// - Throws: `SystemError`, or `OwnershipError`.
  package static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o600, followsOwnLinks: Bool = false) throws -> Int32 {
    let user = geteuid()
    let reads = flags & O_ACCMODE == O_RDONLY
    if user == 0, !reads, let stranger = stranger(on: path) { throw stranger }
    let isOwnLink = FileStatus.ofLink(path).map { $0.isLink && ($0.st_uid == user || $0.st_uid == 0) } ?? false
    // Not blocking: the name may be that of a FIFO without a reader.
    let descriptor = Unix.open(path, flags | O_CLOEXEC | O_NONBLOCK | (followsOwnLinks && isOwnLink ? 0 : O_NOFOLLOW), mode)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    do {
      let owner = try FileStatus.of(descriptor, name: path).st_uid
      guard owner == user || owner == 0 || user == 0 && reads else { throw OwnershipError(path: path, owner: owner) }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// The first directory or link on the way to a file that belongs to neither root nor us; nil: there is none.
  package static func stranger(on path: String) -> OwnershipError? {
    let user = geteuid()
    func isStrange(_ path: String) -> OwnershipError? {
      guard let status = FileStatus.ofLink(path), status.st_uid != user, status.st_uid != 0 else { return nil }
      return OwnershipError(path: path, owner: status.st_uid)
    }
    for way in [path, FileName.real(FileName.directory(of: path))].compactMap({ $0 }) {
      var part = way.hasPrefix("/") ? "" : "."
      for name in way.split(separator: "/") {
        part += "/\(name)"
        if let stranger = isStrange(part) { return stranger }
      }
    }
    return isStrange(path.hasPrefix("/") ? "/" : ".")
  }

  /// A file or directory that is neither read nor written because of its owner.
  package struct OwnershipError: Failure, Equatable {
    package let path: String
    package let owner: uid_t

    /// For the file or directory at a path, with its owner's number.
    package init(path: String, owner: uid_t) {
      self.path = path
      self.owner = owner
    }

    package var message: String {
      "\(path) belongs to user \(owner) and this runs as user \(geteuid()); run it as its owner (sudo -u '#\(owner)' ...), or chown it"
    }
    package var status: ExitStatus { .noPermission }
  }
}
