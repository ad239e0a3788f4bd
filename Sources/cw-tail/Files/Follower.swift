internal import Records
internal import Unix

/// Keeps the logs of its patterns open and writes their lines as records: new lines, new files, rotated and emptied ones.
/// This part reads; `Follower+Files` finds out which files there are, and `Follower+Rotation` where to go on in them.
final class Follower {
  /// Where a file begins that was there before us; one that appears later always begins at its start.
  enum Start { case start, end }

  let finder: FileFinder
  let memory: StoredPositions
  let output: RecordOutput
  let options: Options
  var logs: [FollowedLog] = []
  var logsByPath: [[UInt8]: FollowedLog] = [:]
  /// Which log has which file open.
  var openFiles: [FileIdentity: FollowedLog] = [:]
  /// Of paths that the patterns find: whether the configuration means them.
  var isMeantPath: [[UInt8]: Bool] = [:]
  /// Which logs have known files of an inode.
  var inodes: [UInt64: [FollowedLog]] = [:]
  /// What lay in folders when they were looked at the last time.
  var folders: [String: FolderListings.Listing] = [:]
  let listings = FolderListings()
  let watcher: FileWatcher
  /// When all was looked at the last time, in nanoseconds of the monotonic clock.
  var lastFullScan: Int64 = 0
  /// Paths that were found and are no logs.
  var others = Others()
  var isFirstScan = true
  /// There were not descriptors enough for all files, until others are read.
  var needsScan = false
  var openedCount = 0
  /// When the last scan began, in milliseconds since the epoch.
  var lastScan: Int64 = 0
  /// What went wrong with paths, as errno by path, at the last scan.
  var troubles: [String: Int32] = [:]
  var warned: Set<String> = []
  private var next = 0
  private var stampClock = StampClock()

  struct Options {
    /// How the events of a source are made.
    var assembler: (_ source: String) throws -> EventAssembler
    /// Whether a path that a pattern finds is meant.
    var includes: (_ path: String) -> Bool = { _ in true }
    /// Where reading begins in a file that is there before us and of which nothing is known.
    var start: (_ path: String) -> Start = { _ in .end }
    /// Whether our own messages go there: each would make another.
    var isOurs: (_ path: String, _ identity: FileIdentity) -> Bool = { _, _ in false }
    /// Beyond it, the files that have been quiet for longest are closed until something is written to them.
    var maximumOpenFiles = 1 << 20
    /// How many quiet files the kernel is asked to watch.
    var maximumWatches = Int.max
    /// How many logs that a glob has found and that are gone are remembered: a disk may come back.
    var maximumGoneLogs = 200
    /// How many bytes of deleted files may be kept from being freed, to be read yet.
    var maximumHeld: Int64 = 512 << 20
    /// Nanoseconds.
    var monotonic: () -> Int64 = Clock.monotonicNanoseconds
    /// Milliseconds since the epoch.
    var realtime: () -> Int64 = Clock.realtimeMilliseconds
    /// Milliseconds since the machine booted.
    var sinceBoot: () -> Int64 = Clock.bootMilliseconds
    /// Told what is the matter with a path, once for each kind of trouble; it is tried again.
    var onTrouble: (String) -> Void = { _ in }
    /// Told what is being done, for those who ask.
    var inform: (String) -> Void = { _ in }
    /// Told of lines that are lost, and of other things that waiting does not mend.
    var warn: (String) -> Void = { _ in }

    init(assembler: @escaping (_ source: String) throws -> EventAssembler) { self.assembler = assembler }
  }

  static let blockSize = 1 << 17
  /// Then it is the next log's turn.
  private static let blocksPerTurn = 64
  /// How long a rotated file must be quiet before the next one is read, in nanoseconds: its writer may not know yet.
  static let rotationGrace: Int64 = 5_000_000_000
  /// The same for half a line, if there is no next one.
  private static let soleGrace: Int64 = 60_000_000_000
  /// A compressed file that has changed in so many milliseconds is perhaps still being written.
  private static let packingGrace: Int64 = 10_000
  /// File systems stamp by a clock that is up to so many milliseconds behind.
  static let clockTick: Int64 = 1000
  private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: FollowedFile.memorySize, alignment: 16)

  /// - Parameter memory: how far each source was delivered before.
  init(_ finder: FileFinder, memory: StoredPositions, output: RecordOutput, options: Options) {
    self.finder = finder
    self.memory = memory
    self.output = output
    self.options = options
    watcher = FileWatcher(limit: options.maximumWatches)
  }

  deinit { block.deallocate() }

  /// Records written so far.
  var recordCount: Int64 { output.writer.count }

  // MARK: - reading

  /// What a turn of reading ended with.
  enum Turn: Equatable {
    /// Everything that is there is read and written out.
    case done
    /// The reader of our output is slower; it must take something first.
    case blocked
    /// `isStopped` said so.
    case stopped
  }

  /// Reads what all logs have and writes it out, until nothing is left or the output is full.
  /// - Parameter isLast: nothing will be read later, so a last line without LF is a line.
  func turn(isLast: Bool = false, isStopped: () -> Bool = { false }) throws -> Turn {
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

  /// Writes the clean end; `turn` and `flush` bring it out.
  func end() { output.writer.appendEnd() }

  // True if there may be more at once.
  private func step(_ log: FollowedLog, isLast: Bool) throws -> Bool {
    guard let file = log.files.first, log.owed.isEmpty || isLast || !isWaiting(log) else { return false }
    let now = options.monotonic()
    let isOver = file.rotatedSince != nil && (isLast || isOver(file, of: log, now))
    let isNew = file.offset == 0
    log.assembler.check = log.check
    do {
      switch try file.read(
        into: output.writer, as: log.source, assembler: log.assembler, memory: block, blockSize: Self.blockSize, isLast: isLast || isOver,
        now: stamp(), monotonic: now, token: log.token)
      {
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

  // Whether nothing will come any more of a file that the path does not lead to: until then the next one waits.
  private func isOver(_ file: FollowedFile, of log: FollowedLog, _ now: Int64) -> Bool {
    guard let since = file.rotatedSince, now - since >= Self.rotationGrace else { return false }
    if file.content is CompressedByteSource { return true }
    if log.files.count > 1 { return log.files.dropFirst().contains(where: \.hasBytes) }
    return file.unreadSize == 0 || file.isDeleted || now - since >= Self.soleGrace
  }

  // It was empty when it was opened. True if there may be more at once.
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

  // As `StandardOutput=file:` of systemd does it at each start.
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

  // True if there may be more at once.
  private func unreadable(_ file: FollowedFile, of log: FollowedLog, _ error: SystemError, isLast: Bool) -> Bool {
    if error.isShortage { return false }
    if let packed = file.content as? CompressedByteSource, error.code == EILSEQ {
      let age = options.realtime() - packed.file.modified
      if (0...Self.packingGrace).contains(age) {
        packed.tryAgain()
        guard isLast else { return false }
        // Nobody waits for it; the next run goes on in it.
        remove(file, of: log)
        log.unfound.append(file.position)
        return !log.files.isEmpty
      }
      remove(file, of: log)
      remember(file, of: log, .packed)
      reportGap(log, "the rest of \(file.path ?? "a rotated file") is lost, from byte \(file.offset) of what is in it on: \(error.message)")
      writePosition(of: log)
    } else {
      remove(file, of: log)
      remember(file, of: log, .reading)
      report(file.path ?? log.path, error.code)
      if file.rotatedSince != nil, let path = file.path {
        log.owed[file.content.identity] = .init(path: path, since: options.monotonic())
      } else {
        // The next scan opens it anew, and goes on where this one stopped if it is the same file still.
        log.isResting = false
      }
    }
    return !log.files.isEmpty
  }

  // Bytes of two for a character are no lines, and nobody sees why.
  private func examineText(_ file: FollowedFile, of log: FollowedLog, isNew: Bool) {
    if isNew, !log.assembler.decodes { file.start.withUnsafeBytes { log.check.note(undecoded: $0) } }
    for sentence in log.check.take() { options.warn("\(log.path): \(sentence)") }
  }

  // What an event of this moment is stamped with. Its record tells by which clock.
  private func stamp() -> Int64 {
    let reading = stampClock.stamp(Clock.Reading(realtime: options.realtime(), sinceBoot: options.sinceBoot()))
    output.writer.clock = BootIdentity.current.map { RecordClock(boot: $0, reading: reading) }
    return reading.realtime
  }

  /// Says "done up to here", where no event does.
  func writePosition(of log: FollowedLog) {
    output.writer.append(log.source, position: log.position.text)
  }

  /// Reports lines that are lost: in the stream, where they are missed, and on standard error.
  func reportGap(_ log: FollowedLog, _ text: String) {
    let sentence = "\(log.path): \(text)"
    options.warn(sentence)
    log.gapCount += 1
    output.writer.append(log.source, gap: "cw-tail: \(sentence)", timestamp: stamp())
  }
}
