internal import Unix

/// Which users may read and change a file that holds a secret. ssh(1) judges private keys by the same rule.
struct FileAccess {
  let mode: mode_t
  let owner: uid_t
  /// The effective user of this process.
  let reader: uid_t

  /// What is wrong and how to mend it; nil if nothing is.
  /// - Parameter secret: such as `a password`.
  func validationError(_ path: String, holds secret: String, groupMayRead: Bool = false) -> String? {
    if owner != 0, owner != reader {
      return "holds \(secret) and belongs to user \(owner), neither root nor who runs this (user \(reader)); "
        + "run this as its owner (sudo -u '#\(owner)' ...) or chown it"
    }
    guard mode & (groupMayRead ? 0o037 : 0o077) != 0 else { return nil }
    let octal = String(mode & 0o777, radix: 8)
    return "holds \(secret), and its mode \(octal) lets others at it; chmod 600 \(path)"
  }
}

extension FileAccess {
  /// By what fstat(2) says.
  init(_ status: stat) { self.init(mode: status.st_mode, owner: status.st_uid, reader: geteuid()) }
}
