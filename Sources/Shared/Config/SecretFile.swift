package import Unix

/// A small file that nobody else may look into.
package struct SecretFile {
  package let bytes: [UInt8]
  private let path: String
  private let access: FileAccess
  private let groupMayRead: Bool

  /// No password, key or certificate chain is as large.
  private static let limit = 1 << 18

  /// Reads a file and leaves it to the caller to ask for its `complaint`, who may find no secret in it.
  init(_ path: String, environment: Environment) throws {
    self.path = path
    // A FIFO without a writer would wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ConfigurationError(SystemError("open \(path)").message) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw ConfigurationError(SystemError("look at \(path)").message) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw ConfigurationError("\(path) is no file of its own, which can be read again") }
    do {
      bytes = try TextFile.read(descriptor: descriptor, name: path, limit: Self.limit)
    } catch let error as SystemError {
      throw ConfigurationError(error.message)
    }
    access = FileAccess(status)
    // systemd lets the service's user in by an access list, which shows as rights of the group.
    groupMayRead = environment("CREDENTIALS_DIRECTORY").map { path.hasPrefix("\($0)/") && !path.contains("/../") } ?? false
  }

  /// What is wrong with who may read it; nil if nothing is.
  func complaint(holds secret: String) -> String? {
    access.complaint(path, holds: secret, groupMayRead: groupMayRead).map { "\(path): \($0)" }
  }

  /// - Parameter holds: such as `a password`.
  package static func read(
    _ path: String, holds secret: String, environment: Environment = processEnvironment
  ) throws -> SecretFile {
    let file = try SecretFile(path, environment: environment)
    if let complaint = file.complaint(holds: secret) { throw ConfigurationError(complaint) }
    return file
  }
}
