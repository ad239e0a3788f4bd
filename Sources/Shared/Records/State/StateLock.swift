internal import Unix

/// The locks under which one `cw-tail` reads the positions and one `cw-putlogs` moves them.
///
/// Two byte locks in one file. `cw-tail` takes its own, then waits until no `cw-putlogs` of an earlier pipe delivers any
/// more, reads the positions, and only then writes its first record; `cw-putlogs` takes its own when that record comes. So a
/// restart cannot overtake an old drain, and no descriptor has to be inherited. The kernel gives a lock back
/// when its process is gone, however it ends.
package final class StateLock {
  package enum Holder: Int64 {
    case tail = 0
    case putlogs = 1
    /// The program that keeps a spool there.
    case spool = 2
    /// The supervisor of the pipes that use it.
    case supervisor = 3
  }

  package enum Outcome: Equatable {
    case taken
    /// By the process of this number.
    case held(Int32)
  }

  private let descriptor: Int32
  private let path: String

  /// Opens the file of the locks, or makes it, and takes none.
  /// - Throws: `SystemError`, or `OwnedFile.OwnershipError`.
  package convenience init(_ directory: StateDirectory) throws { try self.init(directory, O_RDWR | O_CREAT) }

  /// Only for asking; nil: no process has ever taken a lock there.
  /// - Throws: `SystemError`, or `OwnedFile.OwnershipError`.
  package static func existing(_ directory: StateDirectory) throws -> StateLock? {
    do {
      return try StateLock(directory, O_RDONLY)
    } catch let error as SystemError where error.code == ENOENT || error.code == ENOTDIR {
      return nil
    }
  }

  private init(_ directory: StateDirectory, _ flags: Int32) throws {
    path = directory.lock
    descriptor = try OwnedFile.open(path, flags)
  }

  deinit { close(descriptor) }

  /// Takes a lock for as long as this value, or this process, lives.
  /// - Throws: `SystemError`.
  package func take(_ holder: Holder) throws -> Outcome {
    while true {
      var lock = range(holder)
      if fcntl(descriptor, F_SETLK, &lock) == 0 { return .taken }
      guard errno == EACCES || errno == EAGAIN else { throw SystemError("lock \(path)") }
      if let other = try self.holder(of: holder) { return .held(other) }
    }
  }

  /// The id of the other process that holds a lock; nil: none does.
  /// - Throws: `SystemError`.
  package func holder(of holder: Holder) throws -> Int32? {
    var lock = range(holder)
    guard fcntl(descriptor, F_GETLK, &lock) == 0 else { throw SystemError("ask for the lock \(path)") }
    return lock.l_type == Int16(truncatingIfNeeded: F_UNLCK) ? nil : lock.l_pid
  }

  private func range(_ holder: Holder) -> flock { .writing(holder.rawValue, length: 1) }
}
