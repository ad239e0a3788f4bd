/// File descriptors: reading and writing that survives interruption and short counts.
package enum Descriptor {
  package enum ReadResult: Equatable {
    case bytes(Int)
    case wouldBlock
    case end
  }

  /// Reads once, up to `count` bytes.
  /// - Throws: `SystemError`.
  package static func read(_ descriptor: Int32, into memory: UnsafeMutableRawPointer, count: Int) throws -> ReadResult {
    while true {
      let n = Unix.read(descriptor, memory, count)
      if n > 0 { return .bytes(n) }
      if n == 0 { return .end }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      default: throw SystemError("read descriptor \(descriptor)")
      }
    }
  }

  /// Writes all bytes, waiting where the other side is slow (also on a descriptor that does not block).
  /// - Throws: `SystemError`.
  package static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws {
    guard var next = bytes.baseAddress else { return }
    var left = bytes.count
    while left > 0 {
      let n = write(descriptor, next, left)
      if n >= 0 {
        next += n
        left -= n
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: _ = wait(descriptor, for: POLLOUT, milliseconds: -1)
      default: throw SystemError("write to descriptor \(descriptor)")
      }
    }
  }

  /// The same from a buffer.
  /// - Throws: `SystemError`.
  package static func writeAll(_ descriptor: Int32, _ buffer: ByteBuffer) throws { try writeAll(descriptor, buffer.bytes) }

  /// Writes all bytes at an offset of a file; `name` is for the message.
  /// - Throws: `SystemError`.
  package static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int, name: String) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count < 0, errno != EINTR {
        throw SystemError("write \(name)")
      }
    }
  }

  /// Waits until what was written is on the disk; `name` is for the message.
  /// - Throws: `SystemError`.
  package static func synchronize(_ descriptor: Int32, name: String) throws {
    #if canImport(Darwin)
      // fsync(2) leaves it in the drive's cache there.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
    #endif
    guard fsync(descriptor) == 0 else { throw SystemError("write \(name) to the disk") }
  }

  /// Likewise for the name of a file, where that is possible.
  package static func synchronizeDirectory(of path: String) {
    synchronizeDirectory(FileName.directory(of: path))
  }

  /// Likewise for the names in a directory, where that is possible.
  package static func synchronizeDirectory(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// Gives a pipe a megabyte in the kernel: measured, it halves what a hop costs. Anything else, and a refusal, is left alone.
  package static func enlargePipe(_ descriptor: Int32) {
    #if os(Linux)
      // F_SETPIPE_SZ, which glibc shows under _GNU_SOURCE only
      _ = fcntl(descriptor, 1031, 1 << 20)
    #endif
  }

  /// Waits with poll(2) until a descriptor is ready for `events`, at most so many milliseconds; -1: without a limit.
  /// - Returns: false if it is not ready, or a signal came.
  static func wait(_ descriptor: Int32, for events: Int32, milliseconds: Int32) -> Bool {
    var one = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return poll(&one, 1, milliseconds) > 0
  }

  /// Whether a descriptor is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}
