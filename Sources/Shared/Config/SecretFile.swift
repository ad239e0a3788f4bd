package import Unix

/// A small file that nobody else may look into.
package struct SecretFile {
  package let bytes: [UInt8]
  private let path: String
  private let access: FileAccess
  private let groupMayRead: Bool

  /// No password, key or certificate chain is as large.
  private static let limit = 1 << 18

  /// Reads a file and leaves it to the caller to ask for its `validationError`, who may find no secret in it.
  /// - Parameter name: for messages; nil: the path.
  init(_ path: String, name: String? = nil, environment: Environment) throws {
    let name = name ?? path
    self.path = name
    // A FIFO without a writer would wait for ever.
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ConfigurationError(SystemError("open \(name)").message) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw ConfigurationError(SystemError("look at \(name)").message) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw ConfigurationError("\(name) is no file of its own, which can be read again") }
    do {
      bytes = try TextFile.read(descriptor: descriptor, name: name, limit: Self.limit)
    } catch let error as SystemError {
      throw ConfigurationError(error.message)
    }
    access = FileAccess(status)
    // systemd lets the service's user in by an access list, which shows as rights of the group.
    groupMayRead = environment("CREDENTIALS_DIRECTORY").map { path.hasPrefix("\($0)/") && !path.contains("/../") } ?? false
  }

  /// What is wrong with who may read it; nil if nothing is.
  func validationError(holds secret: String) -> String? {
    access.validationError(path, holds: secret, groupMayRead: groupMayRead).map { "\(path): \($0)" }
  }

  /// - Parameters:
  ///   - secret: such as `a password`.
  ///   - name: for messages; nil: the path.
  package static func read(
    _ path: String, name: String? = nil, holds secret: String, environment: Environment = processEnvironment
  ) throws -> SecretFile {
    let file = try SecretFile(path, name: name, environment: environment)
    if let validationError = file.validationError(holds: secret) { throw ConfigurationError(validationError) }
    return file
  }
}
