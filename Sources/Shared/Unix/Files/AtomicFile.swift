/// Files with secrets in them: for their owner only from the first moment, and whole or as they were, whatever happens meanwhile.
package enum AtomicFile {
  /// Replaces a file by way of a new one beside it, which is on the disk before it takes the name. A symbolic link of that name is
  /// replaced, not followed.
  /// - Parameters:
  ///   - folder: what `path` starts from, as with openat(2).
  ///   - name: the name of the file in messages; nil: the path.
  ///   - temporary: the name of the new file until then. A leftover of that name is removed if it is ours, as a killed process leaves
  ///     it; another user's is an error.
  ///   - owner: the new owner; nil: the user of this process.
  /// - Returns: what fstat(2) says of the new file.
  /// - Throws: `SystemError`; the old file is then as it was.
  @discardableResult
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to path: String, in folder: Int32 = AT_FDCWD, name: String? = nil, temporary: String? = nil,
    owner: (user: uid_t, group: gid_t)? = nil
  ) throws -> stat {
    let temporary = temporary ?? "\(path).\(getpid())"
    let name = name ?? path
    removeLeftover(temporary, in: folder, owner?.user)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = FileName.withBytes(temporary) { openat(folder, $0, flags, 0o600) }
    guard descriptor >= 0 else {
      throw SystemError(errno == EEXIST ? "make \(name), since \(temporary) is in the way and not removed" : "make \(name)")
    }
    defer { close(descriptor) }
    var status = stat()
    do {
      if let owner, owner.user != geteuid(), fchown(descriptor, owner.user, owner.group) != 0 {
        throw SystemError("give \(name) to its owner, user \(owner.user)")
      }
      try Descriptor.writeAll(descriptor, bytes, at: 0, name: name)
      try Descriptor.synchronize(descriptor, name: name)
      let isReplaced = FileName.withBytes(temporary) { old in FileName.withBytes(path) { renameat(folder, old, folder, $0) == 0 } }
      guard isReplaced, fstat(descriptor, &status) == 0 else { throw SystemError("replace \(name)") }
    } catch {
      FileName.withBytes(temporary) { _ = unlinkat(folder, $0, 0) }
      throw error
    }
    if folder == AT_FDCWD { Descriptor.synchronizeDirectory(of: path) } else { _ = fsync(folder) }
    return status
  }

  // It was made as ours, and given away at last.
  private static func removeLeftover(_ path: String, in folder: Int32, _ owner: uid_t?) {
    var status = stat()
    FileName.withBytes(path) { path in
      guard fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
      if status.st_uid == geteuid() || status.st_uid == owner { unlinkat(folder, path, 0) }
    }
  }
}
