extension Descriptor {
  /// Makes writing to a pipe return at once. The flag belongs to the open pipe, which others may share: so, where the system can, it is
  /// opened anew for us alone. Everything else (a file, a terminal) takes what it is given.
  package static func makeWritingNonBlocking(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT) else { return }
    #if os(Linux)
      let own = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if own >= 0 {
        dup2(own, descriptor)
        close(own)
        return
      }
    #endif
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// Writes as much as there is room for.
  /// - Returns: bytes written; 0 if there is no room.
  /// - Throws: `SystemError`.
  package static func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws -> Int {
    while true {
      let count = write(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return 0
      default: throw SystemError("write to descriptor \(descriptor)")
      }
    }
  }
}
