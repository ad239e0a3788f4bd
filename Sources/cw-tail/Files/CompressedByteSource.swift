internal import Unix

/// A file of a log that was compressed after its rotation: what comes out of it, read forward as far as it is needed. It can be read
/// again from its start, at the cost of unpacking it again.
final class CompressedByteSource: ByteSource {
  let identity: FileIdentity
  let modified: Int64
  /// The file as it lies there.
  let file: FileByteSource
  private let path: String
  private let compression: Compression
  private var inflater: Inflater?
  private var child: ChildProcess?
  private var inputOffset: Int64 = 0
  /// The bytes from `base` on that were asked for and may be asked for again.
  private let held = ByteBuffer(capacity: 1 << 16)
  private var base: Int64 = 0
  private var isAtEnd = false
  /// What comes out before the damage is good.
  private(set) var damage: SystemError?

  private static let blockSize = 1 << 16
  /// So many programs unpack at a time, whatever the number of logs: a machine has only so many processes.
  private static let maximumChildren = 2
  nonisolated(unsafe) private static var children = 0

  /// - Throws: `SystemError`; `ENOTSUP` if it is compressed in a way that is not read here, or not at all.
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

  /// The damage is perhaps none: the file is still being written.
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
        // Beyond the end there is nothing, wherever that is.
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
  /// No number of the system's: the file is compressed, or an archive.
  static let isNoText: Int32 = 10_001

  /// Something ran short that comes back by itself: it is tried again, and means nothing.
  var isShortage: Bool { [EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EINTR].contains(code) }
}
