internal import Records
internal import Unix

/// What comes of a log beside its path: copies of a file that was emptied, and files whose writers do not know that the log has moved on.
extension Follower {
  // MARK: - what has appeared beside a log

  /// Looks at the logs beside which something was put, and which wait for a file.
  func examine() {
    for log in logs where log.isToBeExamined || !log.owed.isEmpty {
      if log.live == nil {
        if log.files.isEmpty || log.isToBeExamined { attempt(log) { try advance(log, to: nil) } }
      } else {
        attempt(log) { try examine(log) }
      }
    }
  }

  // Nothing that appears beside a log that goes on as before can hold lines of it, but for copies.
  private func examine(_ log: FollowedLog) throws {
    guard let live = log.live else { return }
    guard FileIdentity(path: log.path) == live.content.identity else { return try turn(log) }
    guard try live.isAsItWas() || live.offset == 0 else { return emptied(live, of: log) }
    var look = try look(at: log, live: live.content.identity)
    try goOn(in: &look, of: log)
    log.isToBeExamined = look.isEarly
    if look.hasRecognised, memory.isKept { writePosition(of: log) }
    settleOwed(of: log, look)
    if !log.owed.isEmpty || !log.unfound.isEmpty {
      var finding = Finding()
      let found = try takeUnfound(of: log, look, nil, &finding)
      log.unfound = found.waiting
      for position in found.lost where position.offset > 0 { reportGap(log, Self.sentence(gone: position)) }
      let owed = look.unknown.filter { log.owed[$0.identity] != nil && !found.taken.contains($0.identity) }
      finding.files += try opened(owed, of: log).files
      add(finding, to: log, look, before: live)
    }
    let others = look.unknown.filter { log.owed[$0.identity] == nil && openFiles[$0.identity] == nil }
    guard live.offset > 0 else {
      // It may have been emptied before anything was read of it.
      if others.contains(where: { $0.relation.isCertain && !isFollowed($0.path) || $0.relation.isCertain && !wasThere($0, log) }) {
        readCopies(of: live, in: log)
      }
      return
    }
    try rememberForeign(others, of: log)
  }

  /// Somebody has emptied the file: rotation by copying, or to make room.
  func emptied(_ file: FollowedFile, of log: FollowedLog) {
    let unread = file.unreadSize
    let hasCopy = readCopies(of: file, in: log)
    file.beginAnew()
    if memory.isKept { writePosition(of: log) }
    if !hasCopy, unread > 0 { reportGap(log, "the file was emptied with \(unread) bytes of it unread; they are lost") }
  }

  /// Puts the copies that rotation made of the file, before it emptied it, in front of it. True if there are any.
  @discardableResult
  func readCopies(of file: FollowedFile, in log: FollowedLog) -> Bool {
    var hasCopies = false
    // This may be long after the last scan.
    listings.refresh()
    attempt(log) {
      let position = file.position
      // What was renamed has no copies: those that have changed since came after it.
      let isLive = FileIdentity(path: log.path) == position.identity
      guard position.offset > 0 || isLive else { return }
      let look = try look(at: log, live: isLive ? position.identity : nil)
      var finding = Finding()
      var copied: RotatedFiles.File?
      if let (copy, content) = try find(position, look.files, byContent: true) {
        copied = copy
        log.known.removeAll { $0.position.identity == copy.identity }
        finding.files.append((try FollowedFile(content, at: position), copy))
      }
      let unknown = look.unknown.filter { $0.path != copied?.path && (position.offset == 0 && $0.relation.isCertain || !wasThere($0, log)) }
      finding.files += try opened(unknown.filter { isNext($0, of: log, nil) }, of: log).files
      hasCopies = !finding.files.isEmpty
      add(finding, to: log, look, before: file)
      log.isToBeExamined = look.isEarly
    }
    return hasCopies
  }

  // MARK: - files that grow although the log goes on elsewhere

  /// Looks at files that were read to their end: their writers may not know that the log has moved on.
  func lookAgain() {
    let now = options.monotonic()
    for log in logs {
      for index in log.known.indices.reversed()
      where index < log.known.count && log.known[index].mayGrow && log.known[index].nextLook <= now {
        guard let path = log.known[index].path, !(log.isResting && path == log.path) else { continue }
        log.known[index].nextLook = now + log.known[index].interval
        log.known[index].interval = min(log.known[index].interval * 2, KnownFile.longest)
        let position = log.known[index].position
        guard let status = FileStatus.of(path) else {
          // A disk that is away, or a folder that is closed for now, may come back.
          if [ENOENT, ENOTDIR].contains(errno) { moved(log, index) }
          continue
        }
        guard FileIdentity(status) == position.identity else {
          moved(log, index)
          continue
        }
        if status.size > position.offset, openFiles[position.identity] == nil { readOn(log, index, path) }
      }
    }
  }

  private func moved(_ log: FollowedLog, _ index: Int) {
    (log.known[index].path, log.known[index].isGone) = (nil, true)
    log.isToBeExamined = true
  }

  private func readOn(_ log: FollowedLog, _ index: Int, _ path: String) {
    attempt(log) {
      let content = try FileByteSource(path: path)
      guard log.known.indices.contains(index), content.identity == log.known[index].position.identity,
        try content.matches(log.known[index].position) && content.compression() == nil
      else { return }
      let file = try FollowedFile(content, at: log.known[index].position)
      log.known.remove(at: index)
      log.owed[content.identity] = nil
      file.rotate(since: options.monotonic())
      file.path = path
      add(file, to: log, at: 0)
    }
  }
}
