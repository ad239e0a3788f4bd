internal import Unix

/// The files that this program's own messages go to. They must not be followed: each message would cause another.
///
/// The answer is never cached: the log file of the publisher may be rotated, and is another file then.
struct OwnMessages {
  /// The configured log file; nil: standard error alone.
  let logfile: String?
  var descriptor = STDERR_FILENO

  func include(_ path: String, _ identity: FileIdentity) -> Bool {
    if let status = try? FileStatus.of(descriptor, name: ""), FileIdentity(status) == identity { return true }
    guard let logfile else { return false }
    let (ours, other) = (RotatedFiles.split(logfile), RotatedFiles.split(path))
    let isNamedSo =
      ours.folder == other.folder && (ours.name == other.name || RotatedNames.relation(of: other.name, to: ours.name)?.isCertain == true)
    return isNamedSo || FileIdentity(path: logfile) == identity
  }
}
