package import Unix

/// A small file that no other user may read.
package struct SecretFile {
  package let bytes: [UInt8]
  private let path: String
  private let access: FileAccess
  private let groupMayRead: Bool

  /// No password, key or certificate chain is as large.
  private static let limit = 1 << 18

  /// Reads a file. The caller asks for its `validationError` if there is a secret in it.
  /// - Parameter name: for messages; nil: the path.
  init(_ path: String, name: String? = nil, environment: Environment) throws {
    let name = name ?? path
    self.path = name
    // A FIFO without a writer would wait for ever.
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ConfigurationError(SystemError("open \(name)").message) }
    defer { close(descriptor) }
    let status: stat
    (status, bytes) = try translating({ ConfigurationError($0.message) }) {
      let status = try FileStatus.of(descriptor, name: name)
      guard status.isRegular else { throw ConfigurationError("\(name) is no file of its own, which can be read again") }
      return (status, try TextFile.read(descriptor: descriptor, name: name, limit: Self.limit))
    }
    access = FileAccess(status)
    // systemd lets the service's user in by an access list, which shows as rights of the group.
    groupMayRead = environment("CREDENTIALS_DIRECTORY").map { path.hasPrefix("\($0)/") && !path.contains("/../") } ?? false
  }

  /// Why too many users may read it; nil if they may not.
  func validationError(holds secret: String) -> String? {
    access.validationError(path, holds: secret, groupMayRead: groupMayRead).map { "\(path): \($0)" }
  }

  /// Reads a file with a secret in it.
  /// - Parameters:
  ///   - secret: such as `a password`.
  ///   - name: for messages; nil: the path.
  /// - Throws: `ConfigurationError` if it cannot be read, or others can read it.
  package static func read(
    _ path: String, name: String? = nil, holds secret: String, environment: Environment = processEnvironment
  ) throws -> SecretFile {
    let file = try SecretFile(path, name: name, environment: environment)
    if let validationError = file.validationError(holds: secret) { throw ConfigurationError(validationError) }
    return file
  }
}
