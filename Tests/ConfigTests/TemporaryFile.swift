import Unix

/// A file in /tmp for the length of a test.
final class TemporaryFile {
  let path: String

  init(_ text: String, mode: mode_t = 0o600) throws {
    var template = Array("/tmp/cw-config-test.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw SystemError("make a temporary file") }
    defer { close(descriptor) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try Array(text.utf8).withUnsafeBytes { try Descriptor.writeAll(descriptor, $0) }
    guard fchmod(descriptor, mode) == 0 else { throw SystemError("chmod \(path)") }
  }

  deinit { unlink(path) }
}
