internal import Records
internal import Unix

/// Follows the logs that match its patterns and writes their lines as records, through rotation and truncation.
/// This part reads; `Follower+Files` finds the files, and `Follower+Rotation` decides where to go on in them.
final class Follower {
  /// Where reading begins in a file that exists before the first scan; one that appears later is read from its start.
  enum Start { case start, end }

  let finder: FileFinder
  let stored: StoredPositions
  let output: RecordOutput
  let options: Options
  var logs: [FollowedLog] = []
  var logsByPath: [[UInt8]: FollowedLog] = [:]
  /// The log that has a file open.
  var openFiles: [FileIdentity: FollowedLog] = [:]
  /// The answers of `Options.includes` so far.
  var isIncludedPath: [[UInt8]: Bool] = [:]
  /// The logs that have a known file with an inode.
  var inodes: [UInt64: [FollowedLog]] = [:]
  /// The folders as of the last scan.
  var folders: [String: FolderListings.Listing] = [:]
  let listings = FolderListings()
  let watcher: FileWatcher
  /// When the last full scan was, in monotonic nanoseconds.
  var lastFullScan: Int64 = 0
  /// Paths that the patterns find and that are no logs.
  var otherPaths = OtherPaths()
  var isFirstScan = true
  /// There were too few descriptors for all files, so a full scan is due as soon as others are closed.
  var needsScan = false
  var openedCount = 0
  /// When the last scan began, in milliseconds since the epoch.
  var lastScan: Int64 = 0
  /// The errno of each path that could not be opened at the last scan.
  var troubles: [String: Int32] = [:]
  var warned: Set<String> = []
  private var next = 0
  private var stampClock = StampClock()

  struct Options {
    /// The assembler for the events of a source.
    var assembler: (_ source: String) throws -> EventAssembler
    /// Whether a path that a pattern finds is followed.
    var includes: (_ path: String) -> Bool = { _ in true }
    /// Where reading begins in a file that exists before the first scan and of which nothing is known.
    var start: (_ path: String) -> Start = { _ in .end }
    /// Whether this program's own messages go there: each would cause another.
    var isOurs: (_ path: String, _ identity: FileIdentity) -> Bool = { _, _ in false }
    /// Beyond this number, the files that have been quiet for longest are closed until something is written to them.
    var maximumOpenFiles = 1 << 20
    /// How many quiet files are watched at most.
    var maximumWatches = Int.max
    /// How many logs that a glob has found and that are gone are remembered: a disk may be mounted again.
    var maximumGoneLogs = 200
    /// Bytes of deleted files that may be kept open until they are read.
    var maximumHeld: Int64 = 512 << 20
    /// The monotonic clock, in nanoseconds.
    var monotonic: () -> Int64 = Clock.monotonicNanoseconds
    /// The wall clock, in milliseconds since the epoch.
    var realtime: () -> Int64 = Clock.realtimeMilliseconds
    /// Milliseconds since the machine booted.
    var sinceBoot: () -> Int64 = Clock.bootMilliseconds
    /// Called once for each error of a path, with a sentence; the path is tried again.
    var onTrouble: (String) -> Void = { _ in }
    /// Called with what is being done, for `--verbose`.
    var inform: (String) -> Void = { _ in }
    /// Called with a sentence when lines are lost, or about anything else that does not pass by itself.
    var warn: (String) -> Void = { _ in }

    init(assembler: @escaping (_ source: String) throws -> EventAssembler) { self.assembler = assembler }
  }

  static let blockSize = 1 << 17
  /// Blocks that are read of a log before the next one gets its turn.
  private static let blocksPerTurn = 64
  /// Nanoseconds that a rotated file must be quiet before the next one is read: its writer may not have reopened the log yet.
  static let rotationGrace: Int64 = 5_000_000_000
  /// The same for an incomplete line, if there is no next file.
  private static let soleGrace: Int64 = 60_000_000_000
  /// Milliseconds after its last change in which a compressed file may still be incomplete.
  private static let compressionGrace: Int64 = 10_000
  /// Milliseconds by which the time stamps of a file system may be behind the clock.
  static let clockTick: Int64 = 1000
  private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: FollowedFile.memorySize, alignment: 16)

  /// - Parameter stored: how far each source was delivered by earlier runs.
  init(_ finder: FileFinder, stored: StoredPositions, output: RecordOutput, options: Options) {
    self.finder = finder
    self.stored = stored
    self.output = output
    self.options = options
    watcher = FileWatcher(limit: options.maximumWatches)
  }

  deinit { block.deallocate() }

  /// Records written so far.
  var recordCount: Int64 { output.writer.count }

  // MARK: - reading

  /// Why a pass over all logs ended.
  enum ReadPass: Equatable {
    /// Everything is read and written out.
    case done
    /// The output is full: its reader must take something first.
    case blocked
    /// `isStopped` returned true.
    case stopped
  }

  /// Reads what all logs have and writes it out, until nothing is left or the output is full.
  /// - Parameter isLast: whether nothing is read later, so that a last line without LF is complete.
  /// - Throws: `SystemError` if the output fails.
  func readPass(isLast: Bool = false, isStopped: () -> Bool = { false }) throws -> ReadPass {
    guard try output.flush() else { return .blocked }
    watcher.take()
    var quiet = 0
    while quiet < logs.count {
      if next >= logs.count { next = 0 }
      let log = logs[next]
      if log.isWatched, !isLast {
        quiet += 1
        next += 1
        continue
      }
      var blocks = 0
      while blocks < Self.blocksPerTurn {
        if isStopped() { return .stopped }
        guard try step(log, isLast: isLast) else { break }
        blocks += 1
        if output.isFull, try !output.flush() { return .blocked }
      }
      quiet = blocks < Self.blocksPerTurn ? quiet + 1 : 0
      next += 1
    }
    return try output.flush() ? .done : .blocked
  }

  /// Appends the end record to the output; `flush` writes it.
  func end() { output.writer.appendEnd() }

  // Reads a block of a log. True if there may be more at once.
  private func step(_ log: FollowedLog, isLast: Bool) throws -> Bool {
    guard let file = log.files.first, log.pending.isEmpty || isLast || !isWaiting(log) else { return false }
    let now = options.monotonic()
    let isOver = file.rotatedSince != nil && (isLast || isOver(file, of: log, now))
    let isNew = file.offset == 0
    log.assembler.check = log.check
    do {
      let reading = FollowedFile.Reading(
        writer: output.writer, source: log.source, assembler: log.assembler, memory: block, blockSize: Self.blockSize,
        isLast: isLast || isOver, now: stamp(), monotonic: now, token: log.token)
      switch try file.read(reading) {
      case .more:
        examineText(file, of: log, isNew: isNew)
        return true
      case .truncated:
        emptied(file, of: log)
        return true
      case .mayHaveBeenEmptied:
        readCopies(of: file, in: log)
        file.copiesAreKnown()
        return true
      case .overwritten:
        try overwritten(file, of: log)
        return true
      case .compressed:
        return try unpack(file, of: log)
      case .atEnd:
        guard isOver else { return false }
        finish(file, of: log)
        return !log.files.isEmpty
      }
    } catch let error as SystemError {
      return unreadable(file, of: log, error, isLast: isLast)
    }
  }

  // Whether a rotated file counts as complete, so that the next one is read.
  private func isOver(_ file: FollowedFile, of log: FollowedLog, _ now: Int64) -> Bool {
    guard let since = file.rotatedSince, now - since >= Self.rotationGrace else { return false }
    if file.content is CompressedByteSource { return true }
    if log.files.count > 1 { return log.files.dropFirst().contains(where: \.hasBytes) }
    return file.unreadSize == 0 || file.isDeleted || now - since >= Self.soleGrace
  }

  // Decompresses a rotated file that was empty when it was opened. True if there may be more at once.
  private func unpack(_ file: FollowedFile, of log: FollowedLog) throws -> Bool {
    let path = file.path ?? log.path
    guard file.rotatedSince != nil, let index = log.files.firstIndex(where: { $0 === file }), let content = file.content as? FileByteSource
    else {
      remove(file, of: log)
      try ignore(content: file.content, path, of: log)
      report(path, SystemError.isNoText)
      return !log.files.isEmpty
    }
    do {
      let unpacked = FollowedFile(try CompressedByteSource(content, path: path))
      unpacked.path = path
      unpacked.rotate(since: file.rotatedSince ?? options.monotonic())
      log.files[index] = unpacked
    } catch let error as SystemError where error.code == ENOTSUP {
      remove(file, of: log)
      try ignore(content: content, path, of: log)
      warnOnce(path, Self.sentence(path, SystemError.isNoText))
    }
    return true
  }

  // Handles a writer that overwrites its log, as systemd's `StandardOutput=file:` does at each start.
  private func overwritten(_ file: FollowedFile, of log: FollowedLog) throws {
    let advice = "is written over from its start and not emptied; with systemd, StandardOutput=append: instead of file: keeps its lines"
    guard file.overwrites == 0 else {
      try file.skipToEnd()
      reportGap(log, "it \(advice); new lines cannot be told from old ones, and are left out")
      return writePosition(of: log)
    }
    file.overwrites += 1
    warnOnce(log.path, "\(log.path) \(advice); lines may come again")
    file.beginAnew()
    file.overwrites = 1
  }

  // Handles an error of reading. True if there may be more at once.
  private func unreadable(_ file: FollowedFile, of log: FollowedLog, _ error: SystemError, isLast: Bool) -> Bool {
    if error.isShortage { return false }
    if let compressed = file.content as? CompressedByteSource, error.code == EILSEQ {
      let age = options.realtime() - compressed.file.modified
      if (0...Self.compressionGrace).contains(age) {
        compressed.tryAgain()
        guard isLast else { return false }
        // This run does not wait for the rest; the next one goes on here.
        remove(file, of: log)
        log.unlocated.append(file.position)
        return !log.files.isEmpty
      }
      remove(file, of: log)
      remember(file, of: log, .compressed)
      reportGap(log, "the rest of \(file.path ?? "a rotated file") is lost, from byte \(file.offset) of what is in it on: \(error.message)")
      writePosition(of: log)
    } else {
      remove(file, of: log)
      remember(file, of: log, .reading)
      report(file.path ?? log.path, error.code)
      if file.rotatedSince != nil, let path = file.path {
        log.pending[file.content.identity] = .init(path: path, since: options.monotonic())
      } else {
        // The next scan opens it again, and goes on at the same offset if it is still the same file.
        log.isSuspended = false
      }
    }
    return !log.files.isEmpty
  }

  // Warns of settings that do not fit the text: UTF-16 that is read as bytes would be delivered as garbage.
  private func examineText(_ file: FollowedFile, of log: FollowedLog, isNew: Bool) {
    if isNew, !log.assembler.decodes { file.start.withUnsafeBytes { log.check.note(undecoded: $0) } }
    for sentence in log.check.take() { options.warn("\(log.path): \(sentence)") }
  }

  // The time for an event that is read now. Its record tells by which clock.
  private func stamp() -> Int64 {
    let reading = stampClock.stamp(Clock.Reading(realtime: options.realtime(), sinceBoot: options.sinceBoot()))
    output.writer.clock = BootIdentity.current.map { RecordClock(boot: $0, reading: reading) }
    return reading.realtime
  }

  /// Writes the position of a log as a record of its own, where no event carries it.
  func writePosition(of log: FollowedLog) {
    output.writer.append(log.source, position: log.position.text)
  }

  /// Reports lost lines twice: as a record in their place, and on standard error.
  func reportGap(_ log: FollowedLog, _ text: String) {
    let sentence = "\(log.path): \(text)"
    options.warn(sentence)
    log.gapCount += 1
    output.writer.append(log.source, gap: "cw-tail: \(sentence)", timestamp: stamp())
  }
}
