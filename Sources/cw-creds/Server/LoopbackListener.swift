internal import Unix

/// A port of 127.0.0.1 that takes connections.
final class LoopbackListener {
  let descriptor: Int32
  let port: UInt16

  /// - Parameter wanted: 0 for any free port.
  /// - Throws: `SystemError`, with `EADDRINUSE` if the port is taken.
  init(port wanted: UInt16) throws {
    let descriptor = try Descriptor.streamSocket()
    do {
      port = try Self.listen(descriptor, wanted)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func listen(_ descriptor: Int32, _ wanted: UInt16) throws -> UInt16 {
    // The kernel's memory of an earlier server's connections is no reason to refuse the port.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    #if canImport(Darwin)
      address.sin_len = UInt8(MemoryLayout<sockaddr_in>.size)
    #endif
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = wanted.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 && Unix.listen(descriptor, 128) == 0 && getsockname(descriptor, address, &size) == 0
          ? 0 : errno
      }
    }
    guard code == 0 else { throw SystemError("listen on port \(wanted) of 127.0.0.1", code: code) }
    return UInt16(bigEndian: address.sin_port)
  }

  enum Arrival {
    /// A connection that does not block.
    case connection(Int32)
    case none
    /// The system has no descriptor left, or the like.
    case trouble
  }

  func next() -> Arrival {
    while true {
      let connection = Descriptor.accept(descriptor)
      if connection >= 0 { return .connection(connection) }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EAGAIN: return .none
      default: return .trouble
      }
    }
  }
}
