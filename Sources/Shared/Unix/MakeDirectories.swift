/// Makes a directory, and those above it, where they are missing; what is made is for its owner alone.
/// - Parameter name: what it is, for the message.
package func makeDirectories(_ path: String, _ name: String) throws {
  var made = path.hasPrefix("/") ? "" : "."
  for part in path.split(separator: "/") {
    made += "/\(part)"
    if FileName.withBytes(made, { mkdir($0, 0o700) }) != 0, errno != EEXIST { throw SystemError("make \(name) \(path)") }
  }
}
