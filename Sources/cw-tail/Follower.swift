internal import Records
internal import Unix

/// Keeps the files of its patterns open and writes their lines as records: new lines, new files, rotated and emptied
/// ones.
final class Follower {
  /// Where a file begins that was there before us; one that appears later always begins at its start.
  enum Start { case start, end }

  private let finder: FileFinder
  private let start: Start
  private let writer: LogRecordWriter
  private let onTrouble: (String) -> Void
  private let output: (UnsafeRawBufferPointer) throws -> Void
  private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: FollowedFile.maximumMessageLength, alignment: 16)
  private var files: [FollowedFile] = []
  /// Files that are read to their end and closed, while they are still there under some name: a glob such as
  /// `app.log*` finds the rotated file again.
  private var finished: [FileIdentity: (offset: Int64, head: FileHead)] = [:]
  private var isFirstScan = true
  private var troubles: [String: Int32] = [:]

  private static let blockSize = 1 << 17
  /// Then it is the next file's turn.
  private static let blocksPerTurn = 64
  private static let outputSize = 1 << 16
  /// How long a rotated file is read on.
  private static let rotationGrace: Int64 = 5_000_000_000

  /// - Parameters:
  ///   - onTrouble: told what is the matter with a path, once for each kind of trouble.
  ///   - output: takes finished records; the bytes are valid during the call.
  init(
    _ finder: FileFinder, start: Start, onTrouble: @escaping (String) -> Void,
    output: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) {
    self.finder = finder
    self.start = start
    self.onTrouble = onTrouble
    self.output = output
    writer = LogRecordWriter(buffer: ByteBuffer(capacity: 2 * Self.outputSize))
  }

  deinit { block.deallocate() }

  /// What went wrong with paths, as errno by path, at the last scan.
  var currentTroubles: [String: Int32] { troubles }

  /// Records written so far.
  var recordCount: Int64 { writer.count }

  // MARK: - finding

  /// Looks for files by the patterns, and for paths that lead to another file than before.
  func scan(now: Int64) {
    let paths = finder.find()
    var present: Set<FileIdentity> = []
    for path in paths { visit(path, now: now, &present) }
    let followed = Set(paths)
    for file in files where file.rotatedSince == nil {
      if !followed.contains(file.path) || troubles[file.path] == ENOENT { file.rotatedSince = now }
    }
    finished = finished.filter { present.contains($0.key) }
    isFirstScan = false
  }

  private func visit(_ path: String, now: Int64, _ present: inout Set<FileIdentity>) {
    var status = stat()
    guard stat(path, &status) == 0 else { return report(path, errno) }
    let identity = FileIdentity(status)
    present.insert(identity)
    if let known = files.first(where: { $0.identity == identity }) {
      // Its name is back, or it has another name now that the patterns match as well: the first wins.
      if known.path == path { known.rotatedSince = nil }
      troubles[path] = nil
      return
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return report(path, status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ENOTSUP) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return report(path, errno) }
    troubles[path] = nil
    // What was opened is what counts: the path may have changed in between.
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return
    }
    let opened = FileIdentity(status)
    present.insert(opened)
    for old in files where old.path == path && old.rotatedSince == nil { old.rotatedSince = now }
    let offset = offsetToBegin(descriptor, opened, size: Int64(status.st_size))
    files.append(FollowedFile(path: path, identity: opened, descriptor: descriptor, offset: offset))
  }

  private func offsetToBegin(_ descriptor: Int32, _ identity: FileIdentity, size: Int64) -> Int64 {
    if let old = finished.removeValue(forKey: identity), old.offset <= size,
      let head = try? FileHead(descriptor: descriptor, length: old.head.length), head == old.head
    {
      return old.offset
    }
    return isFirstScan && start == .end ? startOfLastLine(descriptor, size: size) : 0
  }

  // A line that is being written when we come is an event of ours, whole; of a longer one than a block the rest is.
  private func startOfLastLine(_ descriptor: Int32, size: Int64) -> Int64 {
    let wanted = Int(min(size, Int64(Self.blockSize)))
    let place = size - Int64(wanted)
    guard pread(descriptor, block.baseAddress, wanted, off_t(place)) == wanted else { return size }
    if let lineFeed = block[0..<wanted].lastIndex(of: 0x0A) { return place + Int64(lineFeed + 1) }
    return place == 0 ? 0 : size
  }

  // Told once for each new kind of trouble with a path.
  private func report(_ path: String, _ code: Int32) {
    guard troubles.updateValue(code, forKey: path) != code else { return }
    onTrouble(Self.sentence(path, code))
  }

  /// What is the matter with a path, and what to do.
  static func sentence(_ path: String, _ code: Int32) -> String {
    switch code {
    case EISDIR: "\(path) is a directory; name files in it, such as \(path)/*.log"
    case ENOTSUP: "\(path) is no regular file and is not read"
    case EACCES: "cannot read \(path): \(SystemError.text(code)); let this user read it, for instance by its group"
    default: "cannot read \(path): \(SystemError.text(code))"
    }
  }

  // MARK: - reading

  /// Reads what all files have, until nothing is left or `isStopped` says so, and writes out every record.
  /// - Parameter isLast: nothing will be read later, so a last line without LF is a line.
  func drain(isLast: Bool = false, isStopped: () -> Bool) throws {
    var hasMore = true
    while hasMore, !isStopped() {
      hasMore = false
      // One source, one order: while an old file of a path has more, the new one waits.
      var unfinished: Set<String> = []
      for file in files where !unfinished.contains(file.path) {
        var blocks = 0
        while try step(file, isLast: isLast) {
          if isStopped() { return try flush() }
          blocks += 1
          if blocks == Self.blocksPerTurn {
            hasMore = true
            unfinished.insert(file.path)
            break
          }
        }
      }
    }
    try flush()
  }

  private func step(_ file: FollowedFile, isLast: Bool) throws -> Bool {
    let now = Clock.monotonicNanoseconds()
    let isOver = file.rotatedSince.map { now - $0 >= Self.rotationGrace } ?? false
    let step: FollowedFile.Step
    do {
      step = try file.read(
        into: writer, block: block, blockSize: Self.blockSize, isLast: isLast || isOver,
        now: Clock.realtimeMilliseconds())
    } catch let error as SystemError {
      onTrouble(error.message)
      // The next scan opens it anew, and goes on where this one stopped if it is the same file still.
      finish(file)
      return false
    }
    if writer.buffer.count >= Self.outputSize { try flush() }
    switch step {
    case .more, .truncated:
      // Its writer has not noticed yet.
      if file.rotatedSince != nil { file.rotatedSince = now }
      return true
    case .atEnd:
      if isOver { finish(file) }
      return false
    }
  }

  private func finish(_ file: FollowedFile) {
    if let head = try? FileHead(descriptor: file.descriptor) { finished[file.identity] = (file.offset, head) }
    files.removeAll { $0 === file }
  }

  private func flush() throws {
    guard !writer.buffer.isEmpty else { return }
    try output(writer.buffer.bytes)
    writer.buffer.removeAll()
    writer.buffer.shrink(to: 4 * Self.outputSize)
  }

  /// Writes the clean end.
  func end() throws {
    writer.appendEnd()
    try flush()
  }
}
