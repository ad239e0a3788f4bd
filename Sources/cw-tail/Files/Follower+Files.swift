internal import Records
internal import Unix

/// Which files there are: new ones, rotated ones, and where to go on in them.
extension Follower {
  /// Looks for files by the patterns, and for paths that lead to another file than before.
  /// - Returns: whether a file was opened.
  @discardableResult
  func scan() -> Bool {
    let openedBefore = openedCount
    let paths = logPaths()
    needsScan = false
    let began = options.realtime()
    defer { lastScan = began }
    if isFirstScan { resume() }
    var present: Set<FileIdentity> = []
    for path in paths { visit(path, &present) }
    let followed = Set(paths.map { Array($0.utf8) })
    for log in logs where !followed.contains(log.key) || troubles[log.path] == ENOENT { log.live?.rotate(since: options.monotonic()) }
    forget(except: followed)
    let inodes = Set(present.map(\.inode))
    finished = finished.filter { inodes.contains($0.key) }
    releaseHeld()
    if isFirstScan, !needsScan {
      announce()
      isFirstScan = false
    }
    listings.removeAll()
    return openedCount != openedBefore
  }

  // Logs that globs have found, that are read to their end and gone: of a name for each day or process there is no end.
  private func forget(except followed: Set<[UInt8]>) {
    logs.removeAll { log in
      // A path that is no glob is followed whether it exists or not.
      guard log.files.isEmpty, log.rest?.isFinished == true, !followed.contains(log.key) else { return false }
      logsByPath[log.key] = nil
      troubles[log.path] = nil
      return true
    }
  }

  // What the patterns find and the configuration means. What a glob finds of the older files of a log belongs to that log.
  private func logPaths() -> [String] {
    let paths = finder.find()
    let present = Set(paths.map { Array($0.utf8) })
    func isRotated(_ path: String) -> Bool {
      guard !finder.patterns.contains(path) else { return false }
      let (folder, name) = Generations.split(path)
      return RotatedNames.origins(of: name).contains { origin in
        let log = Array((folder + origin.log).utf8)
        return present.contains(log) || logsByPath[log] != nil || memory.position(of: folder + origin.log) != nil
      }
    }
    isLog = isLog.filter { present.contains($0.key) }
    return paths.filter { path in
      let key = Array(path.utf8)
      let known = isLog[key] ?? (options.includes(path) && !isRotated(path))
      isLog[key] = known
      return known
    }
  }

  // Logs that were followed before come first, also those whose path leads nowhere now: their rotated files are theirs.
  private func resume() {
    for path in memory.sources where finder.matches(path) && options.includes(path) {
      // What is stored under the name of a glob says since when it is followed, and is no log.
      guard let position = memory.position(of: path), !(Glob.isPattern(path) && position.isNowhere), let log = log(path) else {
        continue
      }
      log.rest = position
      var present: Set<FileIdentity> = []
      visit(path, &present)
    }
  }

  // So that a later run knows from where on each log is its business.
  private func announce() {
    guard memory.isKept else { return }
    for log in logs { writePosition(of: log) }
    let nowhere = Position.nowhere(at: options.realtime())
    for pattern in finder.patterns where Glob.isPattern(pattern) || logsByPath[Array(pattern.utf8)] == nil {
      output.writer.append(.init(pattern), position: nowhere.text)
    }
  }

  private func log(_ path: String) -> FollowedLog? {
    if let log = logsByPath[Array(path.utf8)] { return log }
    do {
      let log = FollowedLog(path: path, form: try options.form(path))
      logsByPath[log.key] = log
      logs.append(log)
      return log
    } catch {
      options.onTrouble("\(path): \((error as? any Failure)?.message ?? "\(error)")")
      return nil
    }
  }

  private func visit(_ path: String, _ present: inout Set<FileIdentity>) {
    let known = logsByPath[Array(path.utf8)]
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      // What rotation has made of it can be read all the same.
      if isFirstScan, let known, known.files.isEmpty, known.rest != nil { join(known, nil) }
      return report(path, code)
    }
    let identity = FileIdentity(status)
    present.insert(identity)
    if let last = known?.files.last, last.content.identity == identity {
      // Its name is back, perhaps.
      last.cameBack()
      last.noteSize(Int64(status.st_size))
      troubles[path] = nil
      return
    }
    if let other = openFiles[identity] {
      // Another name of it that the patterns match as well: the first wins. Of a rotated file that is nothing to speak of.
      if other.live?.content.identity == identity {
        warnOnce(path, "\(path) is the same file as \(other.path), and is not read twice")
      }
      return
    }
    guard !options.isOurs(path, identity) else {
      return warnOnce(path, "\(path) is where our own messages go; it is not followed, since each line would make another")
    }
    if known?.isResting == true, let rest = known?.rest, isUnchanged(status, rest) { return }
    open(path, known)
  }

  // Whether a file that was closed, for the sake of others, is as it was.
  private func isUnchanged(_ status: stat, _ rest: Position) -> Bool {
    FileIdentity(status) == rest.identity && Int64(status.st_size) == rest.offset
      && FileChange(status).milliseconds == rest.modified
  }

  private func open(_ path: String, _ known: FollowedLog?) {
    if openFiles.count >= options.maximumOpenFiles, !restQuietest() {
      needsScan = true
      return
    }
    do {
      if CompressedContent.suffix(of: path) != nil { throw SystemError("open \(path)", code: ENOTSUP) }
      let content = try FileContent(path: path)
      guard openFiles[content.identity] == nil, let log = known ?? log(path) else { return }
      troubles[path] = nil
      join(log, content)
    } catch let error as SystemError {
      if [EMFILE, ENFILE].contains(error.code), restQuietest() {
        needsScan = true
      } else {
        report(path, error.code)
      }
    } catch {}
  }

  // MARK: - ends of files

  /// The file is read to its end, and the log goes on in the next one.
  func finish(_ file: FollowedFile, of log: FollowedLog) {
    remove(file, of: log)
    var position = file.position
    position.isFinished = true
    finished[position.identity.inode] = position
    if log.files.isEmpty { log.rest = position }
    output.writer.append(log.source, position: position.text)
    // Of the next one something may have been read under another name.
    if let next = log.files.first, next.offset > 0 { writePosition(of: log) }
  }

  /// Somebody has emptied the file: rotation by copying, or to make room.
  func emptied(_ file: FollowedFile, of log: FollowedLog) {
    let unread = file.unreadSize
    let hasCopy = readCopies(of: file, in: log)
    file.beginAnew()
    if !hasCopy, unread > 0 { reportGap(log, "the file was emptied with \(unread) bytes of it unread; they are lost") }
  }

  func unreadable(_ file: FollowedFile, of log: FollowedLog, _ error: SystemError) {
    remove(file, of: log)
    if file.rotatedSince != nil {
      reportGap(log, "the rest of a rotated file is lost, from byte \(file.offset) on: \(error.message)")
    } else {
      // The next scan opens it anew, and goes on where this one stopped if it is the same file still.
      log.rest = file.position
      report(log.path, error.code)
    }
  }

  private func remove(_ file: FollowedFile, of log: FollowedLog) {
    log.files.removeAll { $0 === file }
    if openFiles[file.content.identity] === log { openFiles[file.content.identity] = nil }
  }

  // Deleted files keep their place on the disk as long as we hold them open: some, but not without end.
  private func releaseHeld() {
    var held: [(log: FollowedLog, file: FollowedFile, size: Int64)] = []
    for log in logs {
      for file in log.files where file.rotatedSince != nil {
        if let status = try? file.content.status(), status.st_nlink == 0 { held.append((log, file, Int64(status.st_size))) }
      }
    }
    var total = held.reduce(0) { $0 + $1.size }
    for (log, file, size) in held where total > options.maximumHeld {
      remove(file, of: log)
      total -= size
      let unread = max(size - file.offset, 0)
      if unread > 0 { reportGap(log, "a deleted file had to be given up with \(unread) bytes of it unread; they are lost") }
    }
  }

  // True if one was closed.
  @discardableResult
  private func restQuietest() -> Bool {
    let quiet = logs.filter { $0.files.count == 1 && $0.live?.wasAtEnd == true }
    guard let log = quiet.min(by: { ($0.live?.lastGrowth ?? 0) < ($1.live?.lastGrowth ?? 0) }), let file = log.live else { return false }
    remove(file, of: log)
    log.rest = file.position
    log.isResting = true
    return true
  }

  // MARK: - messages

  // Once for each new kind of trouble with a path.
  func report(_ path: String, _ code: Int32) {
    if troubles.updateValue(code, forKey: path) != code { options.onTrouble(Self.sentence(path, code)) }
  }

  // What is as it is.
  func warnOnce(_ path: String, _ sentence: String) { if warned.insert(path).inserted { options.warn(sentence) } }

  /// What is the matter with a path, and what to do.
  static func sentence(_ path: String, _ code: Int32) -> String {
    switch code {
    case EISDIR: "\(path) is a directory; name files in it, such as \(path)/*.log"
    case ENOTSUP where CompressedContent.suffix(of: path) != nil: "\(path) is compressed; name the log that is being written"
    case ENOTSUP: "\(path) is no regular file; send what comes out of it with cat and cw-putlogs"
    case EACCES: "cannot read \(path): \(SystemError.text(code)); let this user read it, for instance by its group"
    case EMFILE, ENFILE: "cannot open \(path): \(SystemError.text(code)); raise the limit (ulimit -n, LimitNOFILE=)"
    default: "cannot read \(path): \(SystemError.text(code))"
    }
  }
}
