internal import Unix

/// A generation of a log that was compressed after its rotation: what comes out of `gzip -dc` and the like, read forward as far as
/// it is needed. It can be read again from its start, which costs a new process.
final class CompressedContent: Content {
  let identity: FileIdentity
  let modified: Int64
  private let path: String
  private let descriptor: Int32
  private let program: String
  private var child: ChildProcess?
  /// The bytes from `base` on that were asked for and may be asked for again.
  private let held = ByteBuffer(capacity: 1 << 16)
  private var base: Int64 = 0
  private var isAtEnd = false
  /// What comes out before the damage is good.
  private var failure: SystemError?

  private static let programs = [".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"]
  private static let blockSize = 1 << 16

  /// The end of the name if it says that the file is compressed.
  static func suffix(of name: String) -> String? { programs.keys.first { name.hasSuffix($0) } }

  /// - Throws: `SystemError` if there is no such file; `ENOTSUP` if its name says nothing of compression.
  init(path: String) throws {
    guard let suffix = Self.suffix(of: path), let program = Self.programs[suffix] else {
      throw SystemError("open \(path)", code: ENOTSUP)
    }
    self.path = path
    self.program = program
    // Open from now on: it may get another name before it is its turn.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    var status = stat()
    _ = fstat(descriptor, &status)
    identity = FileIdentity(status)
    modified = FileChange(status).milliseconds
  }

  deinit { close(descriptor) }

  func status() throws -> stat? { nil }

  func read(into memory: UnsafeMutableRawPointer, count: Int, at offset: Int64) throws -> Int {
    if offset < base { rewind() }
    try skip(to: offset)
    while held.count < count, !isAtEnd { try fill() }
    if held.isEmpty, let failure { throw failure }
    let found = min(held.count, count)
    memory.copyMemory(from: held.base, byteCount: found)
    return found
  }

  private func rewind() {
    child = nil
    held.removeAll()
    (base, isAtEnd, failure) = (0, false, nil)
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

  private func fill() throws {
    let child = try child ?? start()
    self.child = child
    switch try Descriptor.read(child.output, into: held.reserve(Self.blockSize), count: Self.blockSize) {
    case .bytes(let count): held.advance(count)
    case .wouldBlock: break
    case .end:
      isAtEnd = true
      if child.wait() != .exited(0) { failure = SystemError("read all of \(path) through \(program)", code: EIO) }
    }
  }

  private func start() throws -> ChildProcess {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw SystemError("read \(path)") }
    return try ChildProcess([program, "-dc"], input: descriptor)
  }
}
