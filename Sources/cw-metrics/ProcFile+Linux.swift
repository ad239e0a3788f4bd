#if os(Linux)
  internal import Unix

  /// A file of `/proc` that is opened once and read again and again from its beginning: the kernel writes it anew each time.
  final class ProcFile {
    let path: String
    private var descriptor: Int32 = -1
    private let buffer = ByteBuffer(capacity: ProcFile.blockSize)
    private var lastRead: Int64?
    private let hasShortLines: Bool

    private static let blockSize = 1 << 14
    /// Bytes; a larger file is an error.
    private static let limit = 16 << 20

    /// - Parameter hasShortLines: whether none has more than `longestShortLine` bytes. Then a short answer is the last one, and the kernel,
    ///   which may walk through all its sockets for it, is not asked for another.
    init(_ path: String, hasShortLines: Bool = false) {
      self.path = path
      self.hasShortLines = hasShortLines
    }

    private static let longestShortLine = 512
    // What the kernel fills with whole lines before it answers is at least this large.
    private static let page = 4096

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether the file has changed since the last reading; true before the first. Only for `/proc/self/mounts`, which
    /// signals changes by `POLLPRI` (proc(5)).
    func hasChanged() -> Bool {
      guard descriptor >= 0 else { return true }
      var question = pollfd(fd: descriptor, events: Int16(POLLPRI), revents: 0)
      return poll(&question, 1, 0) != 0
    }

    /// The content at a moment, valid until the next call; a second call for the same moment gives the same.
    /// - Throws: `SystemError`.
    func read(at moment: Int64) throws -> UnsafeRawBufferPointer {
      if lastRead == moment { return buffer.bytes }
      lastRead = nil
      let bytes = try read()
      lastRead = moment
      return bytes
    }

    /// The present content, valid until the next call.
    /// - Throws: `SystemError`.
    func read() throws -> UnsafeRawBufferPointer {
      if descriptor < 0 {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open \(path)") }
      }
      buffer.removeAll()
      while true {
        let n = pread(descriptor, buffer.reserve(Self.blockSize), Self.blockSize, off_t(buffer.count))
        if n == 0 { return buffer.bytes }
        if n > 0 {
          buffer.advance(n)
          guard buffer.count <= Self.limit else { throw SystemError("read \(path)", code: EFBIG) }
          if hasShortLines, n < Self.page - Self.longestShortLine { return buffer.bytes }
        } else if errno != EINTR {
          let error = SystemError("read \(path)")
          // A device that comes again has another file of this name.
          close(descriptor)
          descriptor = -1
          throw error
        }
      }
    }
  }

  /// The files that the plugins read, each of them open once.
  final class ProcFiles {
    private var files: [String: ProcFile] = [:]

    func file(_ path: String, hasShortLines: Bool = false) -> ProcFile {
      if let file = files[path] { return file }
      let file = ProcFile(path, hasShortLines: hasShortLines)
      files[path] = file
      return file
    }
  }
#endif
