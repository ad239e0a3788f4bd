internal import FoundationEssentials
internal import Unix

/// A folder of its own for a test, removed with its files when the test is over.
package final class TemporaryFolder {
  package let path: String

  package init() throws {
    var template = Array("\(FileManager.default.temporaryDirectory.path)/cw-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError("make a temporary folder") }
    // Found under its real name: on macOS /tmp is a symbolic link.
    guard let real = realpath(template, nil) else { throw SystemError("resolve the temporary folder") }
    defer { free(real) }
    path = String(cString: real)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The absolute path of a file in the folder.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes at the end of a file, which is made if it is not there.
  package func append(_ name: String, _ bytes: some Sequence<UInt8>) throws {
    try write(name, bytes, O_WRONLY | O_CREAT | O_APPEND)
  }

  package func append(_ name: String, _ text: String) throws { try append(name, text.utf8) }

  /// Empties a file and writes into it, the same file: what `copytruncate` and `>` do.
  package func overwrite(_ name: String, _ text: String) throws { try write(name, text.utf8, O_WRONLY | O_CREAT | O_TRUNC) }

  package func rename(_ name: String, to newName: String) throws {
    guard Unix.rename(file(name), file(newName)) == 0 else { throw SystemError("rename \(name)") }
  }

  package func remove(_ name: String) throws { guard unlink(file(name)) == 0 else { throw SystemError("remove \(name)") } }

  package func makeFolder(_ name: String) throws { guard mkdir(file(name), 0o755) == 0 else { throw SystemError("make \(name)") } }

  package func link(_ name: String, to target: String) throws {
    guard symlink(file(target), file(name)) == 0 else { throw SystemError("link \(name)") }
  }

  private func write(_ name: String, _ bytes: some Sequence<UInt8>, _ flags: Int32) throws {
    let descriptor = open(file(name), flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemError("open \(name)") }
    defer { close(descriptor) }
    try Array(bytes).withUnsafeBytes { try Descriptor.writeAll(descriptor, $0) }
  }
}
