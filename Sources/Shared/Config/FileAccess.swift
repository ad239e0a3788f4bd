internal import Unix

/// Who may read and change a file that holds a password. ssh(1) judges private keys by the same rule.
struct FileAccess {
  let mode: mode_t
  let owner: uid_t
  /// The effective user of this process.
  let reader: uid_t

  /// What is wrong and how to mend it; nil if nothing is.
  func complaint(_ path: String) -> String? {
    if owner != 0, owner != reader {
      return "holds a password and belongs to user \(owner), neither root nor who runs this (user \(reader)); "
        + "run this as its owner (sudo -u '#\(owner)' ...) or chown it"
    }
    guard mode & 0o077 != 0 else { return nil }
    let octal = String(mode & 0o777, radix: 8)
    return "holds a password, and its mode \(octal) lets others at it; chmod 600 \(path)"
  }
}
