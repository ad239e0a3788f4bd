#if os(Linux)
  internal import Unix

  /// A stream of bytes to a program on this machine that does not block.
  enum UnixSocket {
    /// - Throws: `SystemError` if nobody listens there, or the path is longer than a socket's may be.
    static func connect(_ path: String) throws -> Int32 {
      let (name, action) = (FileName.bytes(path), "connect to \(path.printable)")
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let fits = withUnsafeMutableBytes(of: &address.sun_path) { memory in
        guard name.count < memory.count else { return false }
        memory.copyBytes(from: name)
        return true
      }
      guard fits else { throw SystemError(action, code: ENAMETOOLONG) }
      let descriptor = socket(AF_UNIX, kind, 0)
      guard descriptor >= 0 else { throw SystemError("make a socket") }
      let size = socklen_t(MemoryLayout<sockaddr_un>.size)
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Unix.connect(descriptor, $0, size) }
      }
      if result == 0 { return descriptor }
      // EAGAIN: too many others wait to be taken.
      let error = SystemError(action)
      close(descriptor)
      throw error
    }

    #if canImport(Glibc)
      private static let kind = Int32(
        bitPattern: SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    #else
      private static let kind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK
    #endif
  }
#endif
