/// Makes a directory, and those above it, where they are missing.
/// - Parameters:
///   - name: what it is, for the message.
///   - mode: of each directory made; by default for its owner alone.
///   - made: called with the path of each directory made.
/// - Throws: `SystemError`, and what `made` throws.
package func makeDirectories(_ path: String, _ name: String, mode: mode_t = 0o700, made: (String) throws -> Void = { _ in }) throws {
  var directory = path.hasPrefix("/") ? "" : "."
  for part in path.split(separator: "/") {
    directory += "/\(part)"
    if FileName.withBytes(directory, { mkdir($0, mode) }) == 0 {
      try made(directory)
    } else if errno != EEXIST {
      let error = SystemError("make \(name) \(path)")
      // A user who may not write into a directory may still go through it.
      guard FileStatus.of(directory) != nil else { throw error }
    }
  }
}
