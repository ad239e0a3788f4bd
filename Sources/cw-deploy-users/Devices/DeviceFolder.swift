internal import Config
internal import Unix

/// The folder of the machines' files, which are named by their ids and for their owner alone.
struct DeviceFolder {
  let path: String

  func file(_ id: String, _ suffix: String = "json") -> String { "\(path)/\(id).\(suffix)" }

  func has(_ id: String, _ suffix: String = "json") -> Bool { FileStatus.ofLink(file(id, suffix)) != nil }

  func write(_ bytes: [UInt8], _ id: String) throws { try bytes.withUnsafeBytes { try write($0, id, "json") } }

  /// Writes a file atomically, in place of an older one.
  func write(_ bytes: UnsafeRawBufferPointer, _ id: String, _ suffix: String) throws {
    let file = file(id, suffix)
    // The temporary name does not change, so that the next run removes what a killed one has left.
    try attempt {
      try makeDirectories(path, "the directory")
      try AtomicFile.write(bytes, to: file, temporary: "\(file).new")
    }
  }

  /// Renames a file to `NAME.old`, in place of an older one.
  func setAside(_ id: String, _ suffix: String) throws {
    let file = file(id, suffix)
    try attempt { guard FileName.rename(file, to: "\(file).old") else { throw SystemError("rename \(file)") } }
  }

  /// Makes the folder where it is missing.
  func make() throws {
    try attempt {
      try makeDirectories(path, "the directory")
      guard access(path, W_OK | X_OK) == 0 else { throw SystemError("write to \(path)") }
    }
  }

  /// Locks the folder until this process ends.
  /// - Throws: `CommandError` if another run has the lock.
  func lock() throws {
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    try attempt {
      guard descriptor >= 0 else { throw SystemError("open \(path)") }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        guard errno == EWOULDBLOCK else { throw SystemError("lock \(path)") }
        throw CommandError(.tryAgain, "another run is at work in \(path); wait for its end, or give another --config-dir")
      }
    }
  }

  private func attempt(_ body: () throws -> Void) throws {
    try translating({ CommandError(.cannotWrite, "\($0.message); give another --config-dir") }, body)
  }
}
