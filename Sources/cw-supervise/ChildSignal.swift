internal import Unix

/// SIGCHLD as a descriptor that poll(2) waits for. One signal may stand for several children, so the signals are not counted.
struct ChildSignal {
  /// Readable when a child may have ended.
  let descriptor: Int32

  init() throws {
    (descriptor, childSignalWriteEnd) = try Descriptor.pipe(nonBlocking: true)
    signal(SIGCHLD) { _ in
      let saved = errno
      var byte: UInt8 = 0
      _ = write(childSignalWriteEnd, &byte, 1)
      errno = saved
    }
  }

  /// Empties the descriptor, before waitpid(2) is called.
  func take() {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}

// A signal handler can reach nothing but globals. Written once, before the handler is set.
private nonisolated(unsafe) var childSignalWriteEnd: Int32 = -1
