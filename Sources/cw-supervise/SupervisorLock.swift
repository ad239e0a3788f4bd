internal import Records
internal import Unix

/// The sign that this process supervises a state directory, and no other does: a lock in it, which the kernel releases. Beside it lies a
/// file with the process id, for programs that send signals by it, such as newsyslog(8).
final class SupervisorLock {
  private let directory: StateDirectory
  private var lock: StateLock?

  private var path: String { "\(directory.path)/supervisor.pid" }

  /// - Throws: 75 if another supervisor holds the state, 77 if another user could change it. A state that cannot be locked is a warning:
  ///   cw-tail and cw-putlogs say themselves what they cannot do without it.
  init(_ directory: StateDirectory) throws {
    self.directory = directory
    do {
      try directory.create()
      let lock = try StateLock(directory)
      if case .held(let other) = try lock.take(.supervisor) {
        throw CommandError(
          .tryAgain, "\(directory.path) is in use by process \(other), another supervisor; end it, or name another agent.state_directory")
      }
      self.lock = lock
      try Array("\(getpid())\n".utf8).withUnsafeBytes { _ = try AtomicFile.write($0, to: path) }
    } catch let error as SystemError {
      Messages.warning("\(error.message); a second supervisor would not be noticed")
    }
  }

  func remove() {
    // Without the lock it may be another's.
    if lock != nil { unlink(path) }
  }
}
