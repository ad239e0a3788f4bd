/// TERM, INT and HUP turned into bytes on a pipe, so that one `poll(2)` waits for them and for everything else.
package final class StopSignal {
  /// Readable when a signal has come.
  package let descriptor: Int32

  /// What ends a program in good order: TERM, INT, and HUP unless nohup(1), or whoever else started it, has it ignored.
  package static var usual: [Int32] { isIgnored(SIGHUP) ? [SIGTERM, SIGINT] : [SIGTERM, SIGINT, SIGHUP] }

  /// Whether this process ignores a signal. May be asked in a signal handler.
  package static func isIgnored(_ number: Int32) -> Bool {
    let handler = signal(number, SIG_IGN)
    if unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { return true }
    signal(number, handler)
    return false
  }

  /// Takes the signals over for the whole process.
  package init(_ signals: [Int32] = usual) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError("make a pipe") }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    descriptor = ends[0]
    stopSignalWriteEnd = ends[1]
    for number in signals {
      signal(number) { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(stopSignalWriteEnd, &byte, 1)
        errno = saved
      }
    }
  }

  /// Whether a signal has come that nobody has taken yet.
  package var isPending: Bool {
    var descriptors = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptors, 1, 0) > 0
  }

  /// The numbers of the signals that came since the last call, in their order.
  package func take() -> [Int32] {
    var bytes: [UInt8] = [UInt8](repeating: 0, count: 16)
    let n = bytes.withUnsafeMutableBytes { memory in
      memory.baseAddress.map { read(descriptor, $0, memory.count) } ?? 0
    }
    return bytes.prefix(max(n, 0)).map(Int32.init)
  }
}

// A signal handler can reach nothing but globals. Written once, before the handler is set.
private nonisolated(unsafe) var stopSignalWriteEnd: Int32 = -1
