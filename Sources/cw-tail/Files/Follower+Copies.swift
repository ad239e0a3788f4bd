internal import Records
internal import Unix

/// Files beside the path of a log that are still read: copies of a truncated file, and rotated files that grow because their writer has not
/// reopened the log.
extension Follower {
  // MARK: - new files beside a log

  /// Examines the logs beside which a file has appeared, and those that wait for a file.
  func examine() {
    for log in logs where log.needsExamination || !log.pending.isEmpty {
      if log.live == nil {
        if log.files.isEmpty || log.needsExamination { attempt(log) { try advance(log, to: nil) } }
      } else {
        attempt(log) { try examine(log) }
      }
    }
  }

  // While the path leads to the same file, a new file beside it can have lines of the log only if it is a copy.
  private func examine(_ log: FollowedLog) throws {
    guard let live = log.live else { return }
    guard FileIdentity(path: log.path) == live.content.identity else { return try switchFile(of: log) }
    guard try live.isAsItWas() || live.offset == 0 else { return emptied(live, of: log) }
    var scan = try scanRotated(log, live: live.content.identity)
    try goOn(in: &scan, of: log)
    log.needsExamination = scan.isEarly
    if scan.hasRecognised, stored.isKept { writePosition(of: log) }
    settlePending(of: log, scan)
    if !log.pending.isEmpty || !log.unlocated.isEmpty {
      var toRead = FilesToRead()
      let found = try locateStored(of: log, scan, nil, &toRead)
      log.unlocated = found.waiting
      for position in found.lost where position.offset > 0 { reportGap(log, Self.sentence(gone: position)) }
      let pending = scan.unknown.filter { log.pending[$0.identity] != nil && !found.taken.contains($0.identity) }
      toRead.files += try opened(pending, of: log).files
      add(toRead, to: log, scan, before: live)
    }
    let others = scan.unknown.filter { log.pending[$0.identity] == nil && openFiles[$0.identity] == nil }
    guard live.offset > 0 else {
      // It may have been truncated before anything was read of it.
      if others.contains(where: { $0.relation.isCertain && !isFollowed($0.path) || $0.relation.isCertain && !wasThere($0, log) }) {
        readCopies(of: live, in: log)
      }
      return
    }
    try rememberForeign(others, of: log)
  }

  /// Goes on in a file that was truncated, by rotation with copytruncate or to free space.
  func emptied(_ file: FollowedFile, of log: FollowedLog) {
    let unread = file.unreadSize
    let hasCopy = readCopies(of: file, in: log)
    file.beginAnew()
    if stored.isKept { writePosition(of: log) }
    if !hasCopy, unread > 0 { reportGap(log, "the file was emptied with \(unread) bytes of it unread; they are lost") }
  }

  /// Inserts the copies that rotation made before it truncated the file, so that they are read first.
  /// - Returns: whether there are any.
  @discardableResult
  func readCopies(of file: FollowedFile, in log: FollowedLog) -> Bool {
    var hasCopies = false
    // The last scan may be long ago.
    listings.refresh()
    attempt(log) {
      let position = file.position
      // A file that was renamed is not copied: what looks like a copy is a later file.
      let isLive = FileIdentity(path: log.path) == position.identity
      guard position.offset > 0 || isLive else { return }
      let scan = try scanRotated(log, live: isLive ? position.identity : nil)
      var toRead = FilesToRead()
      var copied: RotatedFiles.File?
      if let (copy, content) = try find(position, scan.files, byContent: true) {
        copied = copy
        log.known.removeAll { $0.position.identity == copy.identity }
        toRead.files.append((try FollowedFile(content, at: position), copy))
      }
      let unknown = scan.unknown.filter { $0.path != copied?.path && (position.offset == 0 && $0.relation.isCertain || !wasThere($0, log)) }
      toRead.files += try opened(unknown.filter { isNext($0, of: log, nil) }, of: log).files
      hasCopies = !toRead.files.isEmpty
      add(toRead, to: log, scan, before: file)
      log.needsExamination = scan.isEarly
    }
    return hasCopies
  }

  // MARK: - rotated files that grow

  /// Checks whether files that were read to their ends have grown: their writers may not have reopened the log.
  func lookAgain() {
    let now = options.monotonic()
    for log in logs {
      for index in log.known.indices.reversed()
      where index < log.known.count && log.known[index].mayGrow && log.known[index].nextLook <= now {
        guard let path = log.known[index].path, !(log.isSuspended && path == log.path) else { continue }
        log.known[index].nextLook = now + log.known[index].interval
        log.known[index].interval = min(log.known[index].interval * 2, KnownFile.longest)
        let position = log.known[index].position
        guard let status = FileStatus.of(path) else {
          // After any other error, as with a disk that is unmounted, the file may come back.
          if [ENOENT, ENOTDIR].contains(errno) { markGone(log, index) }
          continue
        }
        guard FileIdentity(status) == position.identity else {
          markGone(log, index)
          continue
        }
        if status.size > position.offset, openFiles[position.identity] == nil { readOn(log, index, path) }
      }
    }
  }

  private func markGone(_ log: FollowedLog, _ index: Int) {
    (log.known[index].path, log.known[index].isGone) = (nil, true)
    log.needsExamination = true
  }

  private func readOn(_ log: FollowedLog, _ index: Int, _ path: String) {
    attempt(log) {
      let content = try FileByteSource(path: path)
      guard log.known.indices.contains(index), content.identity == log.known[index].position.identity,
        try content.matches(log.known[index].position) && content.compression() == nil
      else { return }
      let file = try FollowedFile(content, at: log.known[index].position)
      log.known.remove(at: index)
      log.pending[content.identity] = nil
      file.rotate(since: options.monotonic())
      file.path = path
      add(file, to: log, at: 0)
    }
  }
}
