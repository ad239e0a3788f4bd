/// Whether another user could have written a file whose commands run with our rights. ssh(1) and sudo(8) judge by the same rule: the
/// file and every directory on its path belong to root or to us, and no other user may write there.
package struct FileTrust {
  let mode: mode_t
  let owner: uid_t
  let group: gid_t

  /// What is wrong and how to mend it; nil if nothing is.
  /// - Parameters:
  ///   - status: what fstat(2) says of the open file. Anything but a regular file, such as a pipe, comes from the parent process.
  ///   - user: the user that would run the commands.
  package static func validationError(_ path: String, _ status: stat, user: uid_t = geteuid()) -> String? {
    guard status.isRegular else { return nil }
    if let validationError = of(status).validationError(path, user: user, isPrivate: isPrivate) { return validationError }
    guard var folder = FileName.real(path) else { return SystemError("look at \(path)").description }
    repeat {
      folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
      let name = folder.isEmpty ? "/" : folder
      guard let status = FileStatus.of(name) else { return SystemError("look at \(name)").description }
      if let validationError = of(status).validationError(name, user: user, isPrivate: isPrivate) { return validationError }
    } while !folder.isEmpty
    return nil
  }

  private static func of(_ status: stat) -> FileTrust { FileTrust(mode: status.st_mode, owner: status.st_uid, group: status.st_gid) }

  /// - Parameter isPrivate: whether a group has no member but a user.
  func validationError(_ path: String, user: uid_t, isPrivate: (gid_t, uid_t) -> Bool) -> String? {
    if owner != 0, owner != user {
      return "\(path) belongs to user \(owner), neither root nor who runs this (user \(user)); "
        + "run this as its owner (sudo -u '#\(owner)' ...) or chown it"
    }
    // In a sticky directory such as /tmp no user can replace a file of another.
    if mode & S_IFMT == S_IFDIR, mode & mode_t(S_ISVTX) != 0 { return nil }
    let othersMay = mode & 0o002 != 0 || mode & 0o020 != 0 && !isPrivate(group, user)
    guard othersMay else { return nil }
    return "the mode \(String(mode & 0o7777, radix: 8)) of \(path) lets others write; chmod go-w \(path)"
  }

  // A group of the user's own name, as adduser(8) makes one for each user, and root's; on macOS that of the administrators, who may
  /// become root.
  private static func isPrivate(_ group: gid_t, _ user: uid_t) -> Bool {
    if group == 0 { return getgrgid(group).map { $0.pointee.gr_mem?.pointee == nil } ?? true }
    #if canImport(Darwin)
      if group == 80 { return true }
    #endif
    guard let entry = getpwuid(user), let name = entry.pointee.pw_name.map({ String(cString: $0) }), let found = getgrgid(group),
      found.pointee.gr_name.map({ String(cString: $0) }) == name
    else { return false }
    var member = found.pointee.gr_mem
    while let text = member?.pointee {
      if String(cString: text) != name { return false }
      member = member?.advanced(by: 1)
    }
    return true
  }
}
