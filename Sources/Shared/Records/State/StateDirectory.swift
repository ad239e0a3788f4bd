package import Unix

/// Where a machine's state lies: positions, and what waits to be sent. Only its owner can look into it.
package struct StateDirectory: Equatable {
  package let path: String

  /// A directory that need not be there yet.
  package init(_ path: String) { self.path = path }

  /// `--state`, else `$STATE_DIRECTORY` as systemd sets it, else what the configuration says; nil: no state is kept.
  package static func find(
    option: String?, environment: Environment = processEnvironment, configured: String?
  ) -> StateDirectory? {
    // systemd separates several directories of a unit by colons.
    let given = environment("STATE_DIRECTORY").flatMap { $0.split(separator: ":").first.map(String.init) }
    return (option ?? given ?? configured).map(StateDirectory.init)
  }

  package var positions: String { "\(path)/positions" }
  package var lock: String { "\(path)/lock" }

  /// Makes it, and the directories above it, where they are missing.
  /// - Throws: `OwnedFile.OwnershipError` if it belongs to another user, who could replace by links what root makes there; `SystemError`.
  package func create() throws {
    if geteuid() == 0, let stranger = OwnedFile.stranger(on: path) { throw stranger }
    try makeDirectories(path, "the state directory")
    guard let status = FileStatus.of(path) else { throw SystemError("look at \(path)") }
    guard status.st_uid == geteuid() || status.st_uid == 0 else { throw OwnedFile.OwnershipError(path: path, owner: status.st_uid) }
  }

  /// Whether a failure to write here may pass by itself (a full disk, a disk that has become read-only), so that going on
  /// without state is better than not to deliver.
  package static func isPassing(_ error: SystemError) -> Bool {
    [ENOSPC, EDQUOT, EROFS, EIO, ENFILE, EMFILE].contains(error.code)
  }
}
