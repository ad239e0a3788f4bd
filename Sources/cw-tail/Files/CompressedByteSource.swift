internal import Unix

/// The decompressed bytes of a file that was compressed after its rotation. They are read forward as far as they are needed; going back
/// decompresses the file again from its start.
final class CompressedByteSource: ByteSource {
  let identity: FileIdentity
  let modified: Int64
  /// The compressed file itself.
  let file: FileByteSource
  private let path: String
  private let compression: Compression
  private var inflater: Inflater?
  private var child: ChildProcess?
  private var inputOffset: Int64 = 0
  /// The decompressed bytes from `base` on, which may be asked for again.
  private let held = ByteBuffer(capacity: 1 << 16)
  private var base: Int64 = 0
  private var isAtEnd = false
  /// Nil as long as no damage was reached. The bytes before the damage are intact.
  private(set) var damage: SystemError?

  private static let blockSize = 1 << 16
  /// Decompressors that run at once, whatever the number of logs: processes are limited.
  private static let maximumChildren = 2
  nonisolated(unsafe) private static var children = 0

  /// - Throws: `SystemError`; `ENOTSUP` if the file is not compressed, or in a format that is not supported.
  init(_ file: FileByteSource, path: String) throws {
    self.path = path
    self.file = file
    identity = file.identity
    modified = file.modified
    guard let compression = try file.compression(), compression.program != nil || { if case .gzip = compression { true } else { false } }()
    else { throw SystemError("open \(path)", code: ENOTSUP) }
    self.compression = compression
  }

  convenience init(path: String) throws { try self.init(FileByteSource(path: path), path: path) }

  deinit { endChild() }

  func status() throws -> stat? { nil }

  func read(into memory: UnsafeMutableRawPointer, count: Int, at offset: Int64) throws -> Int {
    if offset < base { rewind() }
    try skip(to: offset)
    while held.count < count, !isAtEnd { try fill() }
    if held.isEmpty, let damage { throw damage }
    let found = min(held.count, count)
    memory.copyMemory(from: held.base, byteCount: found)
    return found
  }

  /// Reads from the start again: what seemed to be damage may be a file that is still being written.
  func tryAgain() { rewind() }

  private func rewind() {
    endChild()
    inflater = nil
    held.removeAll()
    (base, inputOffset, isAtEnd, damage) = (0, 0, false, nil)
  }

  private func endChild() {
    if child != nil { Self.children -= 1 }
    child = nil
  }

  private func skip(to offset: Int64) throws {
    while true {
      let part = min(offset - base, Int64(held.count))
      held.removeFirst(Int(part))
      base += part
      if base == offset { return }
      guard !isAtEnd else {
        // A read beyond the end finds nothing, as in a file.
        base = offset
        return
      }
      try fill()
    }
  }

  private func fill() throws { if case .gzip = compression { try inflate() } else { try readChild() } }

  private func inflate() throws {
    let inflater = try inflater ?? Inflater()
    self.inflater = inflater
    do {
      switch try inflater.unpack(into: held.reserve(Self.blockSize), count: Self.blockSize) {
      case .bytes(let count): held.advance(count)
      case .needsInput:
        let count = try inflater.take { try file.read(into: $0, count: $1, at: inputOffset) }
        inputOffset += Int64(count)
        guard count == 0 else { return }
        isAtEnd = true
        if !inflater.isComplete { damage = SystemError("read all of \(path): it is cut off", code: EILSEQ) }
      }
    } catch let error as SystemError where error.code == EILSEQ {
      isAtEnd = true
      damage = SystemError("read all of \(path): it is damaged", code: EILSEQ)
    }
  }

  private func readChild() throws {
    let child = try child ?? start()
    self.child = child
    switch try Descriptor.read(child.output, into: held.reserve(Self.blockSize), count: Self.blockSize) {
    case .bytes(let count): held.advance(count)
    case .wouldBlock: break
    case .end:
      isAtEnd = true
      if child.wait() != .exited(0) {
        damage = SystemError("read all of \(path) through \(compression.program?.first ?? "")", code: EILSEQ)
      }
      endChild()
    }
  }

  private func start() throws -> ChildProcess {
    guard Self.children < Self.maximumChildren, let program = compression.program else { throw SystemError("unpack \(path)", code: EAGAIN) }
    let child = try file.withDescriptor { descriptor in
      guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw SystemError("read \(path)") }
      return try ChildProcess(program, input: descriptor)
    }
    Self.children += 1
    return child
  }
}

extension SystemError {
  /// Not a number of the kernel's: the file is compressed, or an archive.
  static let isNoText: Int32 = 10_001

  /// Whether a resource ran short that becomes free again: the call is repeated later, and says nothing about the file.
  var isShortage: Bool { [EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EINTR].contains(code) }
}
