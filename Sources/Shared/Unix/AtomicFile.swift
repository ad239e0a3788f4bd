/// Files that are whole or not there, whatever happens meanwhile.
package enum AtomicFile {
  /// Replaces a file by way of a temporary one beside it, which is on the disk before it takes the name. A symbolic link of that name
  /// is replaced too, not followed.
  /// - Parameter mode: of the new file; no other mode was ever on these bytes.
  package static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = template.withUnsafeMutableBufferPointer { text in text.baseAddress.map { mkstemp($0) } ?? -1 }
    guard descriptor >= 0 else { throw SystemError("write \(path)") }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    do {
      guard fchmod(descriptor, mode) == 0 else { throw SystemError("set the mode of \(temporary)") }
      try bytes.withUnsafeBytes { try Descriptor.writeAll(descriptor, $0) }
      guard fsync(descriptor) == 0 else { throw SystemError("write \(path)") }
      guard rename(temporary, path) == 0 else { throw SystemError("replace \(path)") }
    } catch {
      unlink(temporary)
      throw error
    }
  }
}
