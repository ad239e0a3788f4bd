internal import Records
internal import Unix

/// Where to go on in a log when its path leads to another file than before, or something has appeared beside it.
///
/// Each file that may hold lines of the log is proven to be delivered up to some byte, by what it contains, or is read.
extension Follower {
  /// The files of a log that are not open.
  struct Look {
    /// All of them.
    var files: [RotatedFiles.File] = []
    /// Of which nothing is known.
    var unknown: [RotatedFiles.File] = []
    /// Those that are open, under the names that they have now, or that what was made of them has.
    var open: [FileIdentity: RotatedFiles.File] = [:]
    /// Copies that have all of an open file that is deleted, and more.
    var longer: [(open: FollowedFile, copy: FileByteSource, file: RotatedFiles.File)] = []
    /// Whether there is one that the log, a link, does not lead to yet: its turn comes when it does.
    var isEarly = false
    /// Whether one of them turned out to be delivered, which its position does not tell yet.
    var hasRecognised = false
  }

  /// Files to be read next.
  struct Finding {
    var files: [(file: FollowedFile, rotated: RotatedFiles.File)] = []
    var gaps: [String] = []
  }

  /// Times of files that are closer than that say nothing, in milliseconds.
  static let timeGrain: Int64 = 2000
  /// How long lines wait for an older file that cannot be read, in nanoseconds.
  private static let patience: Int64 = 60_000_000_000

  // MARK: - a log that is new

  /// Begins with a log of which nothing is known, or nothing but since when it was not there.
  func begin(_ log: FollowedLog, _ live: FileByteSource) throws {
    let since = absence(of: log.path)
    let look = try look(at: log, live: live.identity)
    let (modified, status) = (live.modified, try live.status())
    let older = look.unknown.filter { file in
      if let since {
        return isFirstScan ? file.modified >= since : !wasThere(file, log) && (file.relation.isCertain || !isFollowed(file.path))
      }
      return file.relation.isCertain && isFollowed(file.path) && file.modified <= modified + Self.timeGrain
    }
    let paths = Set(older.map(\.path))
    try rememberForeign(look.unknown.filter { !paths.contains($0.path) && !$0.isLater }, of: log)
    if since != nil || options.start(log.path) == .start || memory.kind == .damaged {
      add(try opened(older, of: log), to: log, look)
      add(try followed(live, log.path), to: log)
    } else {
      for file in older { try remember(file, of: log, .finished) }
      index(log)
      add(try FollowedFile(live, offset: startOfLastLine(live, size: status?.size ?? 0)), to: log)
    }
    log.isToBeExamined = look.isEarly
    if !isFirstScan, memory.isKept { writePosition(of: log) }
  }

  // A line that is being written when we come is an event of ours, whole; of a longer one than a block the rest is.
  private func startOfLastLine(_ content: any ByteSource, size: Int64) throws -> Int64 {
    let wanted = Int(min(size, Int64(Self.blockSize)))
    let start = size - Int64(wanted)
    guard let bytes = try content.bytes(wanted, at: start) else { return size }
    if let lineFeed = bytes.lastIndex(of: 0x0A) { return start + Int64(lineFeed + 1) }
    return start == 0 ? 0 : size
  }

  // What was read of it under another name is not read again.
  private func followed(_ content: any ByteSource, _ path: String) throws -> FollowedFile {
    let inode = content.identity.inode
    let owners = inodes[inode] ?? []
    let size = try content.status()?.size ?? 0
    let ours = owners.flatMap { log in
      (log.known.map { ($0.position, $0.path) } + log.unfound.map { ($0, nil) }).filter { !isReused($0.0, path, size, log, $0.1) }.map(\.0)
    }
    let known = try (ours + memory.positions(inInode: inode)).filter {
      try $0.identity.inode == inode && $0.offset > 0 && $0.mayGrow && content.matches($0)
    }
    guard let furthest = known.max(by: { $0.offset < $1.offset }) else { return FollowedFile(content) }
    for owner in owners {
      owner.known.removeAll { $0.position == furthest }
      owner.unfound.removeAll { $0 == furthest }
    }
    return try FollowedFile(content, at: furthest)
  }

  // MARK: - a log that goes on

  /// The path of the log leads to `live` now, or nowhere: goes on in what lies between there and where it was read.
  func advance(_ log: FollowedLog, to live: FileByteSource?) throws {
    var look = try look(at: log, live: live?.identity)
    try goOn(in: &look, of: log)
    let current = log.files.last
    var finding = Finding()
    let found = try takeUnfound(of: log, look, live, &finding)
    let lost = found.lost
    let liveFile = if let live, found.live == nil { try known(live, of: log, current) } else { found.live }
    let unknown = look.unknown.filter { !found.taken.contains($0.identity) }
    let isSwitched = liveFile.map { $0.offset == 0 } ?? true || current != nil || !finding.files.isEmpty || !lost.isEmpty
    let next = isSwitched ? unknown.filter { isNext($0, of: log, live) } : []
    let paths = Set(next.map(\.path))
    try rememberForeign(unknown.filter { !paths.contains($0.path) && (live != nil || wasThere($0, log)) }, of: log)
    finding.files += try opened(next, of: log).files
    settleOwed(of: log, look)
    // It may be on its way: nothing is lost before another file is there.
    if live == nil, finding.files.isEmpty, !lost.isEmpty {
      log.isToBeExamined = look.isEarly
      return
    }
    finding.gaps += lost.filter { $0.offset > 0 }.map(Self.sentence)
    let wasUnfound = !log.unfound.isEmpty
    log.unfound = found.waiting
    if live != nil { log.since = nil }
    if let current, current.rotatedSince == nil, live != nil { current.rotate(since: options.monotonic()) }
    add(finding, to: log, look)
    if let liveFile {
      log.known.removeAll { $0.position.identity.inode == liveFile.content.identity.inode && $0.position.state != .packed }
      add(liveFile, to: log)
    }
    log.isToBeExamined = look.isEarly
    if current == nil, !isFirstScan || wasUnfound, memory.isKept { writePosition(of: log) }
  }

  static func sentence(gone position: FilePosition) -> String {
    "the file that was read up to byte \(position.offset) is gone; what came after that in it is lost"
  }

  /// What became of the files that an earlier run was reading.
  struct Found {
    var live: FollowedFile?
    var lost: [FilePosition] = []
    /// Those that are there and cannot be read at present.
    var waiting: [FilePosition] = []
    var taken: Set<FileIdentity> = []
  }

  @discardableResult
  func takeUnfound(of log: FollowedLog, _ look: Look, _ live: FileByteSource?, _ finding: inout Finding) throws -> Found {
    var found = Found()
    func take(_ position: FilePosition, byContent: Bool) throws -> Bool {
      let files = look.files.filter { !found.taken.contains($0.identity) }
      guard let (file, content) = try find(position, files, byContent: byContent) else { return false }
      finding.files.append((try FollowedFile(content, at: position), file))
      found.taken.insert(file.identity)
      log.owed[file.identity] = nil
      return true
    }
    for position in log.unfound.sorted(by: { $0.modified < $1.modified }) {
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
      } catch let closed as Closed {
        owe(closed.file, of: log, closed.error)
        found.waiting.append(position)
        found.taken.insert(closed.file.identity)
      }
    }
    return found
  }

  // Another log has it: the patterns find it under its new name.
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

  /// The file is there, and cannot be read at present.
  private struct Closed: Error {
    let file: RotatedFiles.File
    let error: SystemError
  }

  // The file that the path leads to, from where it is not read yet.
  func known(_ live: FileByteSource, of log: FollowedLog, _ current: FollowedFile?) throws -> FollowedFile {
    let same = log.known.filter { $0.mayGrow && $0.position.identity.inode == live.identity.inode }
    for file in same where try live.matches(file.position) { return try FollowedFile(live, at: file.position) }
    // Edited, or copied from elsewhere, as at each boot of a machine whose logs live in memory.
    if let current, current.offset >= FilePosition.proof, try live.matches(current.position) {
      let rest = max(try current.content.status()?.size ?? 0, current.offset) - current.offset
      let equal = try live.countOfEqualBytes(current.content, from: current.offset, limit: rest)
      let file = try FollowedFile(live, offset: current.offset + (equal < rest ? equal : 0))
      if equal == rest { remove(current, of: log) }
      return file
    }
    // The same before much was read of it.
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

  // Where the file lies of which `position` speaks: by its inode it is known under any name. One that was compressed or copied has
  // another inode: then what it contains must do.
  func find(_ position: FilePosition, _ files: [RotatedFiles.File], byContent: Bool) throws -> (RotatedFiles.File, any ByteSource)? {
    guard position.offset > 0 else { return nil }
    var candidates = files.filter { ($0.identity.inode != position.identity.inode) == byContent }
    // A copy is not older than what was read, unless a clock was set back.
    _ = candidates.partition { $0.modified < position.modified - Self.timeGrain }
    for file in candidates {
      do {
        let content = try file.open()
        if try content.matches(position) { return (file, content) }
      } catch let error as SystemError where !error.isShortage {
        if !byContent { throw Closed(file: file, error: error) }
        continue  // not for us to read
      }
    }
    return nil
  }

  // Whether an unknown file may have been the log since it was looked at last.
  func isNext(_ file: RotatedFiles.File, of log: FollowedLog, _ live: FileByteSource?) -> Bool {
    if let since = log.since, file.modified < since { return false }
    if log.owed[file.identity] != nil { return true }
    if !isFirstScan, wasThere(file, log) { return false }
    // Of a log that there never was; and what the patterns find is read for its own sake.
    if !file.relation.isCertain, log.since != nil || isFollowed(file.path) { return false }
    // What is written to after the log is no older file of it.
    if let live, let status = try? live.status(), status.size > 0, !Compression.isNamed(file.path),
      file.modified > FileChange(status).milliseconds + Self.timeGrain, isFollowed(file.path)
    {
      return false
    }
    return true
  }

  func opened(_ files: [RotatedFiles.File], of log: FollowedLog) throws -> Finding {
    var finding = Finding()
    for file in files where openFiles[file.identity] == nil {
      do {
        let content = try file.open()
        finding.files.append((try followed(content, file.path), file))
        log.owed[file.identity] = nil
      } catch let error as SystemError where error.code == ENOTSUP {
        warnOnce(file.path, Self.sentence(file.path, SystemError.isNoText))
        try? remember(file, of: log, .foreign)
      } catch let error as SystemError {
        owe(file, of: log, error)
      }
    }
    return finding
  }

  // It is waited for. Nothing is lost as long as it is there.
  private func owe(_ file: RotatedFiles.File, of log: FollowedLog, _ error: SystemError) {
    log.owed[file.identity] = .init(path: file.path, since: log.owed[file.identity]?.since ?? options.monotonic())
    log.isToBeExamined = true
    if !error.isShortage { report(file.path, error.code) }
  }

  // What was waited for and is gone.
  func settleOwed(of log: FollowedLog, _ look: Look) {
    for (identity, owed) in log.owed where openFiles[identity] == nil && !look.files.contains(where: { $0.identity == identity }) {
      log.owed[identity] = nil
      if log.known.contains(where: { $0.position.identity == identity && $0.path != nil }) { continue }
      reportGap(log, "\(owed.path), which came next, is gone unread; it is lost")
    }
  }

  /// Whether lines have to wait for an older file that cannot be read at present.
  func isWaiting(_ log: FollowedLog) -> Bool {
    log.owed.values.contains { options.monotonic() - $0.since < Self.patience }
  }

  // MARK: - reading them

  /// - Parameter index: its place among those that are open; nil: behind them.
  func add(_ file: FollowedFile, to log: FollowedLog, rotated: RotatedFiles.File? = nil, at index: Int? = nil) {
    if let rotated {
      // Nobody writes any more to one that has been quiet for so long.
      let quiet = options.realtime() - rotated.modified
      file.rotate(since: options.monotonic() - (quiet > Self.rotationGrace / 1_000_000 ? Self.rotationGrace : 0))
      file.path = rotated.path
    }
    if file.rotatedSince == nil { file.path = RotatedFiles.target(of: log.path) }
    openedCount += 1
    options.inform("reading \(file.path ?? log.path) from byte \(file.offset)")
    log.files.insert(file, at: index ?? log.files.count)
    log.isResting = false
    openFiles[file.content.identity] = log
  }

  /// Puts each file where it belongs among those of which nothing is read yet: one that has another name for a while, as while a program
  /// works on it, is found after younger ones.
  /// - Parameter last: comes after them; nil: all that are open may come before them.
  func add(_ finding: Finding, to log: FollowedLog, _ look: Look, before last: FollowedFile? = nil) {
    for gap in finding.gaps { reportGap(log, gap) }
    let end = log.files.firstIndex { $0 === last } ?? log.files.count
    var start = (log.files[..<end].lastIndex { $0.offset > 0 } ?? -1) + 1
    let waiting = log.files[start..<end].compactMap { look.open[$0.content.identity] }
    var anchor = start > 0 ? look.open[log.files[start - 1].content.identity] : nil
    // What an earlier run was reading comes first.
    for (file, rotated) in finding.files where file.offset > 0 {
      add(file, to: log, rotated: rotated, at: start)
      (start, anchor) = (start + 1, rotated)
    }
    let unread = finding.files.filter { $0.file.offset == 0 }
    // What has no name of the log's yet gets one later than the others.
    let order = RotatedFiles.sorted(unread.map(\.rotated) + waiting.filter { !$0.isStranger }, after: anchor) + waiting.filter(\.isStranger)
    let ranks = Dictionary(zip(order.map(\.identity), order.indices)) { first, _ in first }
    func rank(_ file: FollowedFile) -> Int { ranks[file.content.identity] ?? -1 }
    for (file, rotated) in unread.sorted(by: { rank($0.file) > rank($1.file) }) {
      let end = log.files.firstIndex { $0 === last } ?? log.files.count
      add(file, to: log, rotated: rotated, at: log.files[start..<end].firstIndex { rank($0) > rank(file) } ?? end)
    }
  }
}
