internal import CUnix

/// Descriptors that no child inherits, from the moment at which they are there: another thread may start one in between.
extension Descriptor {
  /// A pipe.
  /// - Parameter nonBlocking: whether reading and writing return at once.
  /// - Throws: `SystemError`.
  package static func pipe(nonBlocking: Bool = false) throws -> (readEnd: Int32, writeEnd: Int32) {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
      guard pipe2(&ends, O_CLOEXEC | (nonBlocking ? O_NONBLOCK : 0)) == 0 else { throw SystemError("make a pipe") }
    #else
      guard Unix.pipe(&ends) == 0 else { throw SystemError("make a pipe") }
      for end in ends { hide(end, nonBlocking: nonBlocking) }
    #endif
    return (ends[0], ends[1])
  }

  /// A socket for a stream of bytes over IPv4 that does not block.
  /// - Throws: `SystemError`.
  package static func streamSocket() throws -> Int32 {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue) | Int32(bitPattern: SOCK_NONBLOCK.rawValue)
    #elseif os(Linux)
      let kind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw SystemError("make a socket") }
    #if !os(Linux)
      hide(descriptor, nonBlocking: true)
    #endif
    return descriptor
  }

  /// The next connection to a socket that listens, one that does not block; below 0, and `errno` says why, if there is none.
  package static func accept(_ listener: Int32) -> Int32 {
    #if os(Linux)
      return accept4(listener, nil, nil, O_CLOEXEC | O_NONBLOCK)
    #else
      let connection = Unix.accept(listener, nil, nil)
      if connection >= 0 { hide(connection, nonBlocking: true) }
      return connection
    #endif
  }

  #if !os(Linux)
    private static func hide(_ descriptor: Int32, nonBlocking: Bool) {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      if nonBlocking { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }
  #endif
}
