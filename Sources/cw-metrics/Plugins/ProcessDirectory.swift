#if os(Linux)
  internal import Unix

  /// The processes that `/proc` shows, each with its files. The directory stays open, and one buffer holds what was read last.
  final class ProcessDirectory {
    let path: String
    private var directory: OpaquePointer?
    private let buffer = ByteBuffer(capacity: 1 << 12)
    // NUMBER/FILE and a zero byte.
    private let name = ByteBuffer(capacity: 64)

    /// - Parameter root: precedes `/proc`.
    init(root: String) { path = root + "/proc" }

    deinit { if let directory { closedir(directory) } }

    /// Calls `body` with the number of each process.
    /// - Throws: `SystemError` if the directory cannot be read.
    func forEach(_ body: (Int32) -> Void) throws {
      if let directory {
        rewinddir(directory)
      } else {
        directory = opendir(path)
      }
      guard let directory else { throw SystemError("open \(path)") }
      while let entry = readdir(directory) {
        if let number = Self.number(entry) { body(number) }
      }
    }

    /// A file of a process, valid until the next call; nil if it cannot be read, as after the process has ended.
    func read(_ process: Int32, _ file: StaticString) -> UnsafeRawBufferPointer? {
      let descriptor = openat(at(process, file), flags: O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      buffer.removeAll()
      while buffer.count < Self.limit {
        let n = Unix.read(descriptor, buffer.reserve(Self.blockSize), Self.blockSize)
        if n == 0 { break }
        if n > 0 {
          buffer.advance(n)
          // These files come whole with the first read, if it has room for them.
          if n < Self.blockSize { break }
        } else if errno != EINTR {
          return nil
        }
      }
      return buffer.bytes
    }

    /// Where a link of a process leads to; nil if it cannot be read.
    func target(_ process: Int32, _ link: StaticString) -> UnsafeRawBufferPointer? {
      guard let name = at(process, link) else { return nil }
      buffer.removeAll()
      let room = buffer.reserve(Self.blockSize).assumingMemoryBound(to: CChar.self)
      let n = readlinkat(descriptor, name, room, Self.blockSize)
      guard n > 0 else { return nil }
      buffer.advance(n)
      return buffer.bytes
    }

    /// How many entries a directory of a process has; nil if it cannot be read.
    func count(_ process: Int32, _ directory: StaticString) -> Int? {
      let descriptor = openat(at(process, directory), flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      guard let entries = fdopendir(descriptor) else {
        close(descriptor)
        return nil
      }
      defer { closedir(entries) }
      var count = 0
      while let entry = readdir(entries) {
        if Self.number(entry) != nil { count += 1 }
      }
      return count
    }

    private var descriptor: Int32 { directory.map { dirfd($0) } ?? -1 }

    private func openat(_ name: UnsafePointer<CChar>?, flags: Int32) -> Int32 { name.map { Unix.openat(descriptor, $0, flags) } ?? -1 }

    private func at(_ process: Int32, _ file: StaticString) -> UnsafePointer<CChar>? {
      name.removeAll()
      name.append(decimal: Int64(process))
      name.append("/")
      name.append(file)
      name.append(byte: 0)
      return name.bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
    }

    // The name of a process is its number.
    private static func number(_ entry: UnsafeMutablePointer<dirent>) -> Int32? {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
          var value: Int32 = 0
          var offset = 0
          while bytes[offset] != 0 {
            let digit = bytes[offset] &- UInt8(ascii: "0")
            guard digit < 10, offset < 9 else { return nil }
            value = value * 10 + Int32(digit)
            offset += 1
          }
          return offset > 0 ? value : nil
        }
      }
    }

    private static let blockSize = 1 << 12
    private static let limit = 1 << 20
  }
#endif
