internal import Records
internal import Unix

/// Finds the files: new ones, those that a path leads to now, and those that are gone.
extension Follower {
  /// The full scan: expands the patterns, and finds paths that lead to another file than before.
  /// - Returns: whether a file was opened.
  @discardableResult
  func scan() -> Bool {
    let openedBefore = openedCount
    let began = options.realtime()
    lastFullScan = options.monotonic()
    needsScan = false
    listings.beginScan()
    let paths = finder.find(listings).filter(isIncluded)
    if isFirstScan { resume() }
    noticeChanges()
    let found = listings.all
    var unclaimed: [(path: String, status: stat)] = []
    for path in paths {
      if let status = visit(path) { unclaimed.append((path, status)) }
    }
    let followed = Set(paths.map { Array($0.utf8) })
    for log in logs where !followed.contains(log.key) { leadsNowhere(log) }
    examine()
    adopt(unclaimed)
    lookAgain()
    forget(except: followed)
    releaseHeld()
    if isFirstScan, !needsScan {
      announce()
      isFirstScan = false
    }
    lastScan = began
    // A folder that has changed meanwhile is looked at again.
    folders = found.merging(listings.all) { first, _ in first }
    notePaths(paths)
    return openedCount != openedBefore
  }

  private func isIncluded(_ path: String) -> Bool {
    let key = Array(path.utf8)
    if let known = isIncludedPath[key] { return known }
    if isIncludedPath.count > 100_000 { isIncludedPath.removeAll() }
    let result = options.includes(path)
    isIncludedPath[key] = result
    return result
  }

  /// Whether this path is, or would be, a log of its own.
  func isFollowed(_ path: String) -> Bool { !Compression.isNamed(path) && finder.matches(path) && isIncluded(path) }

  // Logs of earlier runs come first, also those whose path leads nowhere now, so that no other log takes their rotated files.
  private func resume() {
    for path in stored.sources where finder.matches(path) && isIncluded(path) {
      // A position under the name of a glob only says since when the glob is followed.
      guard let position = stored.position(of: path), !(Glob.isPattern(path) && position.isNowhere), let log = log(path) else { continue }
      log.since = position.since
      log.unlocated = position.files.filter { $0.state == .reading }
      log.known = position.files.filter { $0.state != .reading }.map { KnownFile(position: $0) }
      log.needsExamination = true
      index(log)
    }
  }

  // Stores since when each log and each glob is followed, so that a later run reads everything that is newer.
  private func announce() {
    guard stored.isKept else { return }
    for log in logs { writePosition(of: log) }
    let nowhere = LogPosition.nowhere(at: options.realtime())
    for pattern in finder.patterns where Glob.isPattern(pattern) || logsByPath[Array(pattern.utf8)] == nil {
      output.writer.append(.init(pattern), position: nowhere.text)
    }
  }

  func log(_ path: String) -> FollowedLog? {
    if let log = logsByPath[Array(path.utf8)] { return log }
    do {
      let log = FollowedLog(path: path, assembler: try options.assembler(path))
      logsByPath[log.key] = log
      logs.append(log)
      return log
    } catch {
      options.onTrouble("\(path): \((error as? any Failure)?.message ?? "\(error)")")
      return nil
    }
  }

  // Marks the logs for examination to which a file may belong that appeared since the last scan, also logs that came and went meanwhile.
  // The first scan with a state treats every file as new.
  private func noticeChanges() {
    for pattern in finder.patterns where !Glob.isPattern(pattern) { _ = listings.listing(of: RotatedFiles.split(pattern).folder) }
    let before = folders
    for (folder, now) in listings.all where !isFirstScan || stored.kind == .known {
      guard before[folder]?.number != now.number, isFirstScan || before[folder] != nil else { continue }
      let names = Set((before[folder]?.entries ?? []).lazy.map(\.name))
      for entry in now.entries where !entry.isFolder && !names.contains(entry.name) { appeared(FileName.text(entry.name), in: folder) }
    }
  }

  private func appeared(_ name: String, in folder: String) {
    let origins = RotatedNames.origins(of: name).map { ($0.relation, path: folder + $0.log) }
    let known = origins.compactMap { logsByPath[Array($0.path.utf8)] }
    for log in known { log.needsExamination = true }
    guard known.isEmpty, !isFollowed(folder + name) else { return }
    // The most plausible origin differs only in the suffix of the compression; otherwise it is the one with the shortest name.
    let logs = origins.filter { $0.0.isCertain && isFollowed($0.path) && FileStatus.of($0.path) == nil }
    guard let path = logs.first(where: { $0.0.numbers.isEmpty })?.path ?? logs.map(\.path).min(by: { $0.utf8.count < $1.utf8.count }),
      let since = absence(of: path), let log = log(path)
    else { return }
    log.since = since
    log.needsExamination = true
  }

  /// Whether the file lay beside the log, and was not the log itself, at the last scan. One that was modified since may be a new file that
  /// reuses an inode.
  func wasThere(_ file: RotatedFiles.File, _ log: FollowedLog) -> Bool {
    let (folder, name) = RotatedFiles.split(file.path)
    guard !log.hasMissedLook, file.modified < lastScan - Self.clockTick, let before = folders[folder] else { return false }
    let (now, own) = (FileName.bytes(name), RotatedFiles.split(log.path).name)
    return before.byInode[file.identity.inode, default: []].contains { index in
      let name = before.entries[index].name
      return name == now || RotatedNames.relation(of: FileName.text(name), to: own) != nil
    }
  }

  // MARK: - one path

  /// Handles what a path leads to now.
  /// - Returns: the status of a file of which nothing is known; nil in any other case.
  func visit(_ path: String) -> stat? {
    let known = logsByPath[Array(path.utf8)]
    guard let status = FileStatus.of(path) else {
      report(path, errno)
      if let known { leadsNowhere(known) }
      return nil
    }
    guard status.isRegular else {
      report(path, status.isFolder ? EISDIR : ENOTSUP)
      if let known { leadsNowhere(known) }
      return nil
    }
    let identity = FileIdentity(status)
    if let known, known.live?.content.identity == identity {
      troubles[path] = nil
      if known.isWatched { known.live?.verifyWatch(status) }
      if let live = known.live, live.noteSize(status.size) { emptied(live, of: known) }
      return nil
    }
    guard !options.isOurs(path, identity) else {
      warnOnce(path, "\(path) is where our own messages go; it is not followed, since each line would make another")
      return nil
    }
    if let owner = openFiles[identity] {
      isOpenAlready(path, identity, owner, known)
      return nil
    }
    guard let known else { return isRecognised(path, status) ? nil : status }
    if known.isSuspended, known.known.contains(where: { $0.snapshot == KnownFile.StatSnapshot(status) && $0.path == path }) { return nil }
    attempt(known) { try switchFile(of: known) }
    return nil
  }

  // Handles another name of a file that is being read.
  private func isOpenAlready(_ path: String, _ identity: FileIdentity, _ owner: FollowedLog, _ known: FollowedLog?) {
    if owner === known {
      // The path leads back to it.
      guard let file = owner.files.first(where: { $0.content.identity == identity }) else { return }
      for other in owner.files where other.rotatedSince == nil { other.rotate(since: options.monotonic()) }
      owner.files.removeAll { $0 === file }
      owner.files.append(file)
      file.cameBack()
      troubles[path] = nil
    } else {
      known?.live?.rotate(since: options.monotonic())
      // The first of two paths for one file wins. For a rotated file this is normal and needs no warning.
      if owner.live?.content.identity == identity, FileIdentity(path: owner.path) == identity {
        warnOnce(path, "\(path) is the same file as \(owner.path), and is not read twice")
      }
    }
  }

  private func leadsNowhere(_ log: FollowedLog) {
    guard let live = log.live else {
      // A file that appears beside it meanwhile may have been the log.
      if log.needsExamination { attempt(log) { try advance(log, to: nil) } }
      return
    }
    live.rotate(since: options.monotonic())
    log.needsExamination = true
  }

  /// Goes on in the file to which the path of the log leads now.
  /// - Throws: `SystemError` if it cannot be read, `RotatedFiles.ConcurrentRotation` if the path leads elsewhere meanwhile.
  func switchFile(of log: FollowedLog) throws {
    let content = try FileByteSource(path: log.path)
    if try content.compression() != nil { throw SystemError("open \(log.path)", code: SystemError.isNoText) }
    guard openFiles[content.identity] == nil else { return }
    try advance(log, to: content)
    troubles[log.path] = nil
  }

  /// Runs `body`, again if files are rotated meanwhile. After other errors the next scan tries again.
  func attempt(_ log: FollowedLog, _ body: () throws -> Void) {
    if openFiles.count >= options.maximumOpenFiles, !suspendQuietest() {
      (log.needsExamination, log.hasMissedLook) = (true, true)
      needsScan = true
      return
    }
    for _ in 0..<20 {
      do {
        try body()
        log.hasMissedLook = log.needsExamination
        return
      } catch is RotatedFiles.ConcurrentRotation {
        listings.refresh()
      } catch let error as SystemError where error.isShortage {
        (log.needsExamination, log.hasMissedLook) = (true, true)
        needsScan = [EMFILE, ENFILE].contains(error.code) && suspendQuietest()
        if !needsScan { report(log.path, error.code) }
        return
      } catch let error as SystemError {
        log.hasMissedLook = true
        return report(log.path, error.code)
      } catch { return }
    }
    (log.needsExamination, log.hasMissedLook) = (true, true)
  }

  // MARK: - paths of which nothing is known

  /// Begins a log for each path of which nothing is known. A path that may be a rotated file of another comes after that one.
  func adopt(_ unclaimed: [(path: String, status: stat)]) {
    let names = Set(unclaimed.lazy.map { Array($0.path.utf8) })
    func parents(_ path: String) -> [[UInt8]] {
      let (folder, name) = RotatedFiles.split(path)
      return RotatedNames.origins(of: name).map { Array((folder + $0.log).utf8) }
    }
    let later = unclaimed.filter { parents($0.path).contains { names.contains($0) } }
    let isLater = Set(later.map { Array($0.path.utf8) })
    for (path, status) in unclaimed where !isLater.contains(Array(path.utf8)) { adopt(path, status, parents(path)) }
    for (path, status) in later { adopt(path, status, parents(path)) }
  }

  private func adopt(_ path: String, _ status: stat, _ parents: [[UInt8]]) {
    // A log may have taken the file by now.
    if openFiles[FileIdentity(status)] != nil || isRecognised(path, status) { return }
    for parent in parents.compactMap({ logsByPath[$0] }) where isCopy(path, status, of: parent) { return }
    do {
      let content = try FileByteSource(path: path)
      guard try content.compression() == nil else {
        // A rotated file of a followed log is examined with that log.
        let (folder, name) = RotatedFiles.split(path)
        if RotatedNames.origins(of: name).contains(where: { logsByPath[Array((folder + $0.log).utf8)] != nil }) { return }
        return report(path, SystemError.isNoText)
      }
      guard openFiles[content.identity] == nil, let log = log(path) else { return }
      attempt(log) {
        guard FileIdentity(path: path) == content.identity else {
          // The next scan handles what is there now.
          needsScan = true
          return drop(log)
        }
        try begin(log, content)
        troubles[path] = nil
      }
    } catch let error as SystemError {
      if error.isShortage { needsScan = suspendQuietest() }
      report(path, error.code)
    } catch {}
  }

  /// The time, in milliseconds since the epoch, at which a new log is known not to have existed; nil: nothing is known.
  func absence(of path: String) -> Int64? {
    if !isFirstScan { return lastScan - Self.clockTick }
    return finder.patterns(about: path).lazy.compactMap { [stored] in stored.position(of: $0)?.since }.first
  }

  // MARK: - ends of files

  /// The file is read to its end, and the log goes on in the next one.
  func finish(_ file: FollowedFile, of log: FollowedLog) {
    remove(file, of: log)
    remember(file, of: log, .finished)
    if let (copy, size) = file.copy, size <= file.offset, (try? remember(copy, of: log, .finished)) != nil { index(log) }
    writePosition(of: log)
    // A copy or a compressed file that rotation has made of it meanwhile is recognised by its content.
    log.needsExamination = true
  }

  /// Remembers how far a file is read that is closed now.
  func remember(_ file: FollowedFile, of log: FollowedLog, _ state: FilePosition.State) {
    var position = file.position
    position.state = state
    var status: stat?
    if let compressed = file.content as? CompressedByteSource {
      status = try? compressed.file.status()
      if let size = status?.size, let raw = try? compressed.file.position(at: size, modified: compressed.modified, state: .compressed) {
        position = raw
      }
    } else {
      status = try? file.content.status()
    }
    let folder = RotatedFiles.split(log.path).folder
    let inode = position.identity.inode
    let path = listings.names(in: folder, inode: inode).first.map { folder + $0 } ?? file.path
    log.known.removeAll { $0.position.identity == position.identity }
    log.known.append(
      KnownFile(
        position: position, path: path,
        snapshot: status.flatMap { state != .reading || file.isReadThrough($0) ? KnownFile.StatSnapshot($0) : nil },
        nextLook: options.monotonic() + KnownFile.shortest))
    index(log)
  }

  func remove(_ file: FollowedFile, of log: FollowedLog) {
    log.files.removeAll { $0 === file }
    if openFiles[file.content.identity] === log { openFiles[file.content.identity] = nil }
  }

  // Forgets logs that globs have found and that are read and gone: names with a date or a process ID are unlimited. Some are remembered,
  // since a disk may be mounted again.
  private func forget(except followed: Set<[UInt8]>) {
    // A pattern that is no glob is followed whether it exists or not.
    let gone = logs.filter { log in
      log.isOver && !followed.contains(log.key) && !finder.patterns.contains(log.path) && log.known.allSatisfy { $0.path == nil }
    }
    for log in gone.prefix(max(gone.count - options.maximumGoneLogs, 0)) {
      drop(log)
      isIncludedPath[log.key] = nil
      warned.remove(log.path)
      if stored.isKept { output.writer.append(log.source, position: "") }
    }
    for path in troubles.keys where !followed.contains(Array(path.utf8)) { troubles[path] = nil }
  }

  private func drop(_ log: FollowedLog) {
    logs.removeAll { $0 === log }
    logsByPath[log.key] = nil
  }

  /// Gives up deleted files whose unread bytes use too much of the disk while they are open.
  func releaseHeld() {
    var held: [(log: FollowedLog, file: FollowedFile, size: Int64)] = []
    for log in logs where log.files.count > 1 || log.live == nil {
      for file in log.files where file.rotatedSince != nil {
        if let status = try? file.content.status(), status.st_nlink == 0 { held.append((log, file, status.size)) }
      }
    }
    var total = held.reduce(Int64(0)) { min($0, Int64.max / 2) + $1.size }
    for (log, file, size) in held where total > options.maximumHeld {
      remove(file, of: log)
      total -= size
      let unread = max(size - file.offset, 0)
      if unread > 0 { reportGap(log, "a deleted file had to be given up with \(unread) bytes of it unread; they are lost") }
    }
  }

  /// Closes the file that has been quiet for longest, until it changes.
  /// - Returns: whether there is one.
  @discardableResult
  func suspendQuietest() -> Bool {
    let quiet = logs.filter { $0.files.count == 1 && $0.live?.wasAtEnd == true }
    guard let log = quiet.min(by: { ($0.live?.lastGrowth ?? 0) < ($1.live?.lastGrowth ?? 0) }), let file = log.live else { return false }
    remove(file, of: log)
    remember(file, of: log, .reading)
    if let index = log.known.firstIndex(where: { $0.position.identity == file.content.identity }) { log.known[index].path = log.path }
    log.isSuspended = true
    return true
  }

  // MARK: - messages

  /// Reports an error of a path, unless it is the same as before.
  func report(_ path: String, _ code: Int32) {
    if troubles.updateValue(code, forKey: path) != code { options.onTrouble(Self.sentence(path, code)) }
  }

  private static let maximumWarned = 1000

  /// Warns once about a path. The number of warnings is limited, since the number of names is not.
  func warnOnce(_ path: String, _ sentence: String) {
    guard warned.count < Self.maximumWarned, warned.insert(path).inserted else { return }
    options.warn(sentence)
  }

  /// The message for an error of a path, with what to do.
  static func sentence(_ path: String, _ code: Int32) -> String {
    switch code {
    case EISDIR: "\(path) is a directory; name files in it, such as \(path)/*.log"
    case SystemError.isNoText: "\(path) is compressed or an archive, which is not sent as text; name the log that is being written"
    case ENOTSUP: "\(path) is no regular file; send what comes out of it with cat and cw-putlogs"
    case ELOOP:
      "\(path) is a link that root does not follow, since neither root nor the owner of the file has made it; name the file itself"
    case EACCES: "cannot read \(path): \(SystemError.text(code)); let this user read it, for instance by its group"
    case EMFILE, ENFILE: "cannot open \(path): \(SystemError.text(code)); raise the limit (ulimit -n, LimitNOFILE=)"
    default: "cannot read \(path): \(SystemError.text(code))"
    }
  }
}
