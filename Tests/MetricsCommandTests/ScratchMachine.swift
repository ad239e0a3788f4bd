import Unix

/// A machine made up by a test in a temporary directory, which goes when the value goes.
final class ScratchMachine {
  let root: String
  private var directories: [String] = []
  private var files: [String] = []

  init(_ contents: [String: String] = [:]) throws {
    var template = Array("/tmp/cw-metrics-tests.XXXXXX\0".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError("make a temporary directory") }
    root = template.withUnsafeBytes { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    for (path, content) in contents { try write(path, content) }
  }

  deinit {
    for file in files { unlink(file) }
    for directory in directories.reversed() { rmdir(directory) }
    rmdir(root)
  }

  func makeDirectory(_ path: String) {
    var directory = root
    for part in path.split(separator: "/") {
      directory += "/" + part
      if mkdir(directory, 0o755) == 0 { directories.append(directory) }
    }
  }

  func write(_ path: String, _ content: String) throws {
    makeDirectory(path.split(separator: "/").dropLast().joined(separator: "/"))
    let file = "\(root)/\(path)"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw SystemError("create \(file)") }
    defer { close(descriptor) }
    files.append(file)
    try Array(content.utf8).withUnsafeBytes { try Descriptor.writeAll(descriptor, $0) }
  }
}
