/// Small files read whole.
package enum TextFile {
  /// The bytes of a file, at most `limit` of them: a larger one is an error, since no file that we read whole is large.
  /// - Throws: `SystemError`, with EFBIG for a larger file.
  package static func read(_ path: String, limit: Int = 16 << 20) throws -> [UInt8] {
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, name: path, limit: limit)
  }

  /// The same from an open descriptor; `name` is for the message.
  /// - Throws: `SystemError`, with EFBIG for a larger file.
  package static func read(descriptor: Int32, name: String, limit: Int = 16 << 20) throws -> [UInt8] {
    let buffer = ByteBuffer(capacity: 1 << 14)
    while true {
      let result: Descriptor.ReadResult
      do {
        result = try Descriptor.read(descriptor, into: buffer.reserve(1 << 14), count: 1 << 14)
      } catch let error as SystemError {
        throw SystemError("read \(name)", code: error.code)
      }
      guard case .bytes(let n) = result else { return buffer.array }
      buffer.advance(n)
      guard buffer.count <= limit else { throw SystemError("read \(name)", code: EFBIG) }
    }
  }
}
