internal import Unix

/// Where our own messages go, which must not be followed: each would make another.
///
/// Asked anew each time: a log file of ours may be rotated like any other, and is another file then.
struct OwnMessages {
  /// The configured log file; nil: standard error alone.
  let logfile: String?
  var descriptor = STDERR_FILENO

  func include(_ path: String, _ identity: FileIdentity) -> Bool {
    var status = stat()
    if fstat(descriptor, &status) == 0, FileIdentity(status) == identity { return true }
    guard let logfile else { return false }
    let (ours, other) = (RotatedFiles.split(logfile), RotatedFiles.split(path))
    let isNamedSo =
      ours.folder == other.folder && (ours.name == other.name || RotatedNames.relation(of: other.name, to: ours.name)?.isCertain == true)
    return isNamedSo || FileIdentity(path: logfile) == identity
  }
}
