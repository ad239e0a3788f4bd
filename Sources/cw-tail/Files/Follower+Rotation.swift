internal import Records
internal import Unix

/// Decides where to go on in a log when its path leads to another file than before, or a file has appeared beside it.
///
/// Each file that may hold lines of the log is either read, or proven by its content to be delivered up to some byte.
extension Follower {
  /// The rotated files of a log, as of one moment.
  struct RotationScan {
    /// Those that are not open.
    var files: [RotatedFiles.File] = []
    /// Those that are not open and of which nothing is known.
    var unknown: [RotatedFiles.File] = []
    /// Those that are open, under their present names, or the names of their copies.
    var open: [FileIdentity: RotatedFiles.File] = [:]
    /// Copies of an open, deleted file that are longer than it.
    var longer: [(open: FollowedFile, copy: FileByteSource, file: RotatedFiles.File)] = []
    /// Whether there is a file to which the log, a link, does not lead yet, but may soon.
    var isEarly = false
    /// Whether a file turned out to be delivered, so that the stored position must be updated.
    var hasRecognised = false
  }

  /// Files that are to be read, and the gaps that must be reported before them.
  struct FilesToRead {
    var files: [(file: FollowedFile, rotated: RotatedFiles.File)] = []
    var gaps: [String] = []
  }

  /// Milliseconds by which two modification times must differ to tell which file is older.
  static let timeGrain: Int64 = 2000
  /// Nanoseconds that later lines wait for an older file that cannot be read.
  private static let pendingTimeout: Int64 = 60_000_000_000

  // MARK: - a log that is new

  /// Begins a log of which nothing is known, except perhaps a time at which it did not exist.
  func begin(_ log: FollowedLog, _ live: FileByteSource) throws {
    let since = absence(of: log.path)
    let scan = try scanRotated(log, live: live.identity)
    let (modified, status) = (live.modified, try live.status())
    let older = scan.unknown.filter { file in
      if let since {
        return isFirstScan ? file.modified >= since : !wasThere(file, log) && (file.relation.isCertain || !isFollowed(file.path))
      }
      return file.relation.isCertain && isFollowed(file.path) && file.modified <= modified + Self.timeGrain
    }
    let paths = Set(older.map(\.path))
    try rememberForeign(scan.unknown.filter { !paths.contains($0.path) && !$0.isLater }, of: log)
    if since != nil || options.start(log.path) == .start || stored.kind == .damaged {
      add(try opened(older, of: log), to: log, scan)
      add(try followed(live, log.path), to: log)
    } else {
      for file in older { try remember(file, of: log, .finished) }
      index(log)
      add(try FollowedFile(live, offset: startOfLastLine(live, size: status?.size ?? 0)), to: log)
    }
    log.needsExamination = scan.isEarly
    if !isFirstScan, stored.isKept { writePosition(of: log) }
  }

  // The start of an incomplete last line, so that the line is read completely; the end of the file, if that line is longer than a block.
  private func startOfLastLine(_ content: any ByteSource, size: Int64) throws -> Int64 {
    let wanted = Int(min(size, Int64(Self.blockSize)))
    let start = size - Int64(wanted)
    guard let bytes = try content.bytes(wanted, at: start) else { return size }
    if let lineFeed = bytes.lastIndex(of: 0x0A) { return start + Int64(lineFeed + 1) }
    return start == 0 ? 0 : size
  }

  // Opens a file where it was read to under another name, or at its start.
  private func followed(_ content: any ByteSource, _ path: String) throws -> FollowedFile {
    let inode = content.identity.inode
    let owners = inodes[inode] ?? []
    let size = try content.status()?.size ?? 0
    let ours = owners.flatMap { log in
      (log.known.map { ($0.position, $0.path) } + log.unlocated.map { ($0, nil) }).filter { !isReused($0.0, path, size, log, $0.1) }.map(
        \.0)
    }
    let known = try (ours + stored.positions(inInode: inode)).filter {
      try $0.identity.inode == inode && $0.offset > 0 && $0.mayGrow && content.matches($0)
    }
    guard let furthest = known.max(by: { $0.offset < $1.offset }) else { return FollowedFile(content) }
    for owner in owners {
      owner.known.removeAll { $0.position == furthest }
      owner.unlocated.removeAll { $0 == furthest }
    }
    return try FollowedFile(content, at: furthest)
  }

  // MARK: - a log that goes on

  /// Goes on in a log whose path leads to `live` now, or nowhere if nil: reads the files between the last position and that file first.
  /// - Throws: `SystemError` on a shortage, `RotatedFiles.ConcurrentRotation` if files are rotated meanwhile; nothing has changed then.
  func advance(_ log: FollowedLog, to live: FileByteSource?) throws {
    var scan = try scanRotated(log, live: live?.identity)
    try goOn(in: &scan, of: log)
    let current = log.files.last
    var toRead = FilesToRead()
    let found = try locateStored(of: log, scan, live, &toRead)
    let lost = found.lost
    let liveFile = if let live, found.live == nil { try known(live, of: log, current) } else { found.live }
    let unknown = scan.unknown.filter { !found.taken.contains($0.identity) }
    let isSwitched = liveFile.map { $0.offset == 0 } ?? true || current != nil || !toRead.files.isEmpty || !lost.isEmpty
    let next = isSwitched ? unknown.filter { isNext($0, of: log, live) } : []
    let paths = Set(next.map(\.path))
    try rememberForeign(unknown.filter { !paths.contains($0.path) && (live != nil || wasThere($0, log)) }, of: log)
    toRead.files += try opened(next, of: log).files
    settlePending(of: log, scan)
    // The file may be in the middle of a rotation. It counts as lost only when another one is there.
    if live == nil, toRead.files.isEmpty, !lost.isEmpty {
      log.needsExamination = scan.isEarly
      return
    }
    toRead.gaps += lost.filter { $0.offset > 0 }.map(Self.sentence)
    let hadUnlocated = !log.unlocated.isEmpty
    log.unlocated = found.waiting
    if live != nil { log.since = nil }
    if let current, current.rotatedSince == nil, live != nil { current.rotate(since: options.monotonic()) }
    add(toRead, to: log, scan)
    if let liveFile {
      log.known.removeAll { $0.position.identity.inode == liveFile.content.identity.inode && $0.position.state != .compressed }
      add(liveFile, to: log)
    }
    log.needsExamination = scan.isEarly
    if current == nil, !isFirstScan || hadUnlocated, stored.isKept { writePosition(of: log) }
  }

  static func sentence(gone position: FilePosition) -> String {
    "the file that was read up to byte \(position.offset) is gone; what came after that in it is lost"
  }

  /// The result of the search for the files that an earlier run was reading.
  struct LocatedFiles {
    var live: FollowedFile?
    var lost: [FilePosition] = []
    /// The positions in files that exist and cannot be read at present.
    var waiting: [FilePosition] = []
    var taken: Set<FileIdentity> = []
  }

  @discardableResult
  func locateStored(of log: FollowedLog, _ scan: RotationScan, _ live: FileByteSource?, _ toRead: inout FilesToRead) throws -> LocatedFiles
  {
    var found = LocatedFiles()
    func take(_ position: FilePosition, byContent: Bool) throws -> Bool {
      let files = scan.files.filter { !found.taken.contains($0.identity) }
      guard let (file, content) = try find(position, files, byContent: byContent) else { return false }
      toRead.files.append((try FollowedFile(content, at: position), file))
      found.taken.insert(file.identity)
      log.pending[file.identity] = nil
      return true
    }
    for position in log.unlocated.sorted(by: { $0.modified < $1.modified }) {
      do {
        if let live, found.live == nil, live.identity.inode == position.identity.inode, try live.matches(position) {
          found.live = try FollowedFile(live, at: position)
        } else if try take(position, byContent: false) {
          continue
        } else if let live, found.live == nil, position.offset >= FilePosition.proof, try live.matches(position) {
          found.live = try FollowedFile(live, at: position)
        } else if try !take(position, byContent: true), !isReadElsewhere(position, log) {
          found.lost.append(position)
        }
      } catch let closed as UnreadableFile {
        markPending(closed.file, of: log, closed.error)
        found.waiting.append(position)
        found.taken.insert(closed.file.identity)
      }
    }
    return found
  }

  // Whether another log reads the file, since the patterns match its new name.
  private func isReadElsewhere(_ position: FilePosition, _ log: FollowedLog) -> Bool {
    let inode = position.identity.inode
    if openFiles.contains(where: { identity, owner in
      identity.inode == inode && owner.files.contains { $0.content.identity == identity && $0.offset >= position.offset }
    }) {
      return true
    }
    return (inodes[inode] ?? []).contains { other in
      other !== log
        && other.known.contains { $0.position.identity.inode == inode && $0.path != nil && $0.position.offset >= position.offset }
    }
  }

  /// A file that exists and cannot be read at present.
  private struct UnreadableFile: Error {
    let file: RotatedFiles.File
    let error: SystemError
  }

  // Opens the live file where it was read to, also if it is a copy of a file that was read.
  func known(_ live: FileByteSource, of log: FollowedLog, _ current: FollowedFile?) throws -> FollowedFile {
    let same = log.known.filter { $0.mayGrow && $0.position.identity.inode == live.identity.inode }
    for file in same where try live.matches(file.position) { return try FollowedFile(live, at: file.position) }
    // An editor has replaced it, or it was copied, as at each boot of a machine that keeps its logs in memory.
    if let current, current.offset >= FilePosition.proof, try live.matches(current.position) {
      let rest = max(try current.content.status()?.size ?? 0, current.offset) - current.offset
      let equal = try live.countOfEqualBytes(current.content, from: current.offset, limit: rest)
      let file = try FollowedFile(live, offset: current.offset + (equal < rest ? equal : 0))
      if equal == rest { remove(current, of: log) }
      return file
    }
    // The same, but little was read of the old file.
    if let current, current.isDeleted, let size = try current.content.status()?.size, size >= FilePosition.proof,
      try live.countOfEqualBytes(current.content, from: 0, limit: size) == size
    {
      remove(current, of: log)
      return try FollowedFile(live, offset: current.offset)
    }
    let gone = log.known.filter { $0.mayGrow && $0.path == nil && $0.position.offset >= FilePosition.proof }.sorted {
      $0.position.offset > $1.position.offset
    }
    for file in gone where try live.matches(file.position) { return try FollowedFile(live, at: file.position) }
    return try followed(live, log.path)
  }

  /// Finds the file of `position`: by its inode and content, or `byContent` alone, as one that was compressed or copied has another inode.
  /// - Throws: `UnreadableFile` if the inode fits and the file cannot be read; `SystemError` on a shortage.
  func find(_ position: FilePosition, _ files: [RotatedFiles.File], byContent: Bool) throws -> (RotatedFiles.File, any ByteSource)? {
    guard position.offset > 0 else { return nil }
    var candidates = files.filter { ($0.identity.inode != position.identity.inode) == byContent }
    // A copy is not older than what was read, unless the clock was set back, so older files come last.
    _ = candidates.partition { $0.modified < position.modified - Self.timeGrain }
    for file in candidates {
      do {
        let content = try file.open()
        if try content.matches(position) { return (file, content) }
      } catch let error as SystemError where !error.isShortage {
        if !byContent { throw UnreadableFile(file: file, error: error) }
        continue
      }
    }
    return nil
  }

  /// Whether an unknown file may have been the log since the last scan, so that it must be read.
  func isNext(_ file: RotatedFiles.File, of log: FollowedLog, _ live: FileByteSource?) -> Bool {
    if let since = log.since, file.modified < since { return false }
    if log.pending[file.identity] != nil { return true }
    if !isFirstScan, wasThere(file, log) { return false }
    // A similar name alone is not enough for a log that never existed, or for a file that is a log of its own.
    if !file.relation.isCertain, log.since != nil || isFollowed(file.path) { return false }
    // A rotated file is not modified after the live one.
    if let live, let status = try? live.status(), status.size > 0, !Compression.isNamed(file.path),
      file.modified > FileChange(status).milliseconds + Self.timeGrain, isFollowed(file.path)
    {
      return false
    }
    return true
  }

  func opened(_ files: [RotatedFiles.File], of log: FollowedLog) throws -> FilesToRead {
    var toRead = FilesToRead()
    for file in files where openFiles[file.identity] == nil {
      do {
        let content = try file.open()
        toRead.files.append((try followed(content, file.path), file))
        log.pending[file.identity] = nil
      } catch let error as SystemError where error.code == ENOTSUP {
        warnOnce(file.path, Self.sentence(file.path, SystemError.isNoText))
        try? remember(file, of: log, .foreign)
      } catch let error as SystemError {
        markPending(file, of: log, error)
      }
    }
    return toRead
  }

  // Notes that a file is next in turn and cannot be read. Nothing is lost as long as it exists.
  private func markPending(_ file: RotatedFiles.File, of log: FollowedLog, _ error: SystemError) {
    log.pending[file.identity] = .init(path: file.path, since: log.pending[file.identity]?.since ?? options.monotonic())
    log.needsExamination = true
    if !error.isShortage { report(file.path, error.code) }
  }

  /// Reports a gap for each pending file that is gone.
  func settlePending(of log: FollowedLog, _ scan: RotationScan) {
    for (identity, pending) in log.pending where openFiles[identity] == nil && !scan.files.contains(where: { $0.identity == identity }) {
      log.pending[identity] = nil
      if log.known.contains(where: { $0.position.identity == identity && $0.path != nil }) { continue }
      reportGap(log, "\(pending.path), which came next, is gone unread; it is lost")
    }
  }

  /// Whether later lines have to wait for an older file that cannot be read at present.
  func isWaiting(_ log: FollowedLog) -> Bool {
    log.pending.values.contains { options.monotonic() - $0.since < Self.pendingTimeout }
  }

  // MARK: - opening files

  /// Adds a file to those that are read.
  /// - Parameters:
  ///   - rotated: nil: it is the live file.
  ///   - index: its index among the open files; nil: at the end.
  func add(_ file: FollowedFile, to log: FollowedLog, rotated: RotatedFiles.File? = nil, at index: Int? = nil) {
    if let rotated {
      // A file that has been quiet for so long counts as complete at once.
      let quiet = options.realtime() - rotated.modified
      file.rotate(since: options.monotonic() - (quiet > Self.rotationGrace / 1_000_000 ? Self.rotationGrace : 0))
      file.path = rotated.path
    }
    if file.rotatedSince == nil { file.path = RotatedFiles.target(of: log.path) }
    openedCount += 1
    options.inform("reading \(file.path ?? log.path) from byte \(file.offset)")
    log.files.insert(file, at: index ?? log.files.count)
    log.isSuspended = false
    openFiles[file.content.identity] = log
  }

  /// Adds files by their age among those of which nothing is read yet: one that has a temporary name, as during compression, is found after
  /// younger ones.
  /// - Parameter last: an open file that comes after them; nil: any open file may come before them.
  func add(_ toRead: FilesToRead, to log: FollowedLog, _ scan: RotationScan, before last: FollowedFile? = nil) {
    for gap in toRead.gaps { reportGap(log, gap) }
    let end = log.files.firstIndex { $0 === last } ?? log.files.count
    var start = (log.files[..<end].lastIndex { $0.offset > 0 } ?? -1) + 1
    let waiting = log.files[start..<end].compactMap { scan.open[$0.content.identity] }
    var anchor = start > 0 ? scan.open[log.files[start - 1].content.identity] : nil
    // Files that an earlier run was reading come first.
    for (file, rotated) in toRead.files where file.offset > 0 {
      add(file, to: log, rotated: rotated, at: start)
      (start, anchor) = (start + 1, rotated)
    }
    let unread = toRead.files.filter { $0.file.offset == 0 }
    // A file without a name like the log's is the last to be renamed, so it is the youngest.
    let order =
      RotatedFiles.sorted(unread.map(\.rotated) + waiting.filter { !$0.isKnownByInodeOnly }, after: anchor)
      + waiting.filter(\.isKnownByInodeOnly)
    let ranks = Dictionary(zip(order.map(\.identity), order.indices)) { first, _ in first }
    func rank(_ file: FollowedFile) -> Int { ranks[file.content.identity] ?? -1 }
    for (file, rotated) in unread.sorted(by: { rank($0.file) > rank($1.file) }) {
      let end = log.files.firstIndex { $0 === last } ?? log.files.count
      add(file, to: log, rotated: rotated, at: log.files[start..<end].firstIndex { rank($0) > rank(file) } ?? end)
    }
  }
}
