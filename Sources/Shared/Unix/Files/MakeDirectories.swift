/// Makes a directory, and those above it, where they are missing.
/// - Parameters:
///   - name: what it is, for the message.
///   - mode: of what is made; for its owner alone if nothing else is said.
package func makeDirectories(_ path: String, _ name: String, mode: mode_t = 0o700) throws {
  var made = path.hasPrefix("/") ? "" : "."
  for part in path.split(separator: "/") {
    made += "/\(part)"
    if FileName.withBytes(made, { mkdir($0, mode) }) != 0, errno != EEXIST { throw SystemError("make \(name) \(path)") }
  }
}
