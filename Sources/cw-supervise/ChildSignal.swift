internal import Unix

/// The ends of children as a descriptor that poll(2) waits for. One signal may stand for several ends, so that none is counted.
struct ChildSignal {
  /// Readable when a child may have ended.
  let descriptor: Int32

  init() throws {
    let ends = try PipeEnds()
    (descriptor, childSignalWriteEnd) = ends.release()
    for end in [descriptor, childSignalWriteEnd] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    signal(SIGCHLD) { _ in
      let saved = errno
      var byte: UInt8 = 0
      _ = write(childSignalWriteEnd, &byte, 1)
      errno = saved
    }
  }

  /// Takes what has come, before the children are asked.
  func take() {
    var bytes: [UInt8] = [UInt8](repeating: 0, count: 256)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}

// A signal handler can reach nothing but globals. Written once, before the handler is set.
private nonisolated(unsafe) var childSignalWriteEnd: Int32 = -1
