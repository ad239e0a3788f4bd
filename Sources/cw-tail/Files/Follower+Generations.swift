internal import Unix

/// Where to go on in a log: the files that lie between what was read of it and what its path leads to now.
extension Follower {
  /// Files to be read next, the oldest first.
  private struct Finding {
    var files: [(file: FollowedFile, rotated: Generations.File?)] = []
    var gaps: [String] = []
  }

  // Asks about the files of a log, and again as long as rotation goes on meanwhile. Nil: that never ended; the next scan tries again.
  private func steadily(_ log: FollowedLog, _ question: (Generations) throws -> Finding?) -> Finding? {
    for _ in 0..<20 {
      do { return try question(Generations(of: log.path, listings)) } catch { listings.removeAll() }
    }
    return nil
  }

  /// The path of `log` leads to `live` now, or nowhere: finds what lies between there and where it was read, and what comes first.
  func join(_ log: FollowedLog, _ live: (any Content)?) {
    guard let position = log.files.last?.position ?? log.rest ?? absence(of: log.path) else { return begin(log, live) }
    let current = log.files.last
    let finding = steadily(log) { generations in
      if current == nil, let live, live.identity.inode == position.identity.inode, live.matches(position) {
        // Of a file that was emptied before anything was read of it, nothing but the copy tells.
        var finding = try position.offset == 0 ? opened(generations.after(nil, position)) : Finding()
        finding.files.append((FollowedFile(live, at: position), nil))
        return finding
      }
      return try rest(of: current, position, live, generations)
    }
    guard let finding else { return }
    if let current, current.rotatedSince == nil { current.rotate(since: options.monotonic()) }
    add(finding, to: log)
    if current == nil, !isFirstScan, memory.isKept { writePosition(of: log) }
  }

  // What follows the position in files that the path does not lead to any more, and then the live one. Nil: nothing yet.
  private func rest(of current: FollowedFile?, _ position: Position, _ live: (any Content)?, _ generations: Generations) throws -> Finding?
  {
    var finding = Finding()
    var last = current.flatMap { file in generations.rotated.first { $0.identity == file.content.identity } }
    // Of a file that is open all of it tells, not only what was read.
    if last == nil, let (file, content) = try generations.find(current?.end ?? position) {
      last = file
      if current == nil, openFiles[file.identity] == nil { finding.files.append((FollowedFile(content, at: position), file)) }
    }
    let after = generations.after(last, position).filter { $0.identity != live?.identity }
    if last == nil, current == nil, !position.isFinished, generations.hasLost(position) {
      // It may be on its way: nothing is lost before another file is there.
      if live == nil, after.isEmpty { return nil }
      finding.gaps.append("the file that was read up to byte \(position.offset) is gone; what came after that in it is lost")
    }
    let later = try opened(after[...])
    finding.files += later.files
    finding.gaps += later.gaps
    if let live { finding.files.append((followed(live), nil)) }
    return finding
  }

  private func opened(_ files: ArraySlice<Generations.File>) throws -> Finding {
    var finding = Finding()
    for file in files where openFiles[file.identity] == nil {
      do {
        finding.files.append((followed(try file.open()), file))
      } catch let error as SystemError {
        finding.gaps.append("\(file.path), which came next, is lost: \(error.message)")
      }
    }
    return finding
  }

  // Of a log that is new: since when we know that it was not there. Until now it may have been rotated already.
  private func absence(of path: String) -> Position? {
    if !isFirstScan { return .nowhere(at: lastScan - Self.clockTick) }
    return finder.patterns.filter { Glob.isPattern($0) && Glob.matches($0, path) }.compactMap { memory.position(of: $0) }.first
  }

  // A log of which nothing is known.
  private func begin(_ log: FollowedLog, _ live: (any Content)?) {
    guard let live else { return }
    if options.start(log.path) == .start {
      let older = steadily(log) { generations in try opened(generations.rotated.filter { finder.matches($0.path) }[...]) }
      add(older ?? Finding(), to: log)
    }
    let file = followed(live)
    add(file.offset == 0 && beginsAtEnd(log.path) ? FollowedFile(live, offset: startOfLastLine(live)) : file, to: log)
  }

  // What was read of it under another name is not read again.
  private func followed(_ content: any Content) -> FollowedFile {
    let inode = content.identity.inode
    let positions = [finished[inode]].compactMap { $0 } + memory.positions(inInode: inode)
    let known = positions.filter { $0.offset > 0 && content.matches($0) }.max { $0.offset < $1.offset }
    return known.map { FollowedFile(content, at: $0) } ?? FollowedFile(content)
  }

  private func add(_ file: FollowedFile, to log: FollowedLog, rotated: Generations.File? = nil) {
    if let rotated {
      // Nobody writes any more to one that has been quiet for so long.
      let quiet = options.realtime() - rotated.modified
      file.rotate(since: options.monotonic() - (quiet > Self.rotationGrace / 1_000_000 ? Self.rotationGrace : 0))
    }
    openedCount += 1
    options.inform("reading \(rotated?.path ?? log.path) from byte \(file.offset)")
    log.files.append(file)
    log.rest = nil
    log.isResting = false
    openFiles[file.content.identity] = log
  }

  private func add(_ finding: Finding, to log: FollowedLog) {
    for gap in finding.gaps { reportGap(log, gap) }
    for (file, rotated) in finding.files { add(file, to: log, rotated: rotated) }
  }

  private func beginsAtEnd(_ path: String) -> Bool {
    guard options.start(path) == .end else { return false }
    // Better twice than never.
    return memory.kind != .damaged
  }

  // A line that is being written when we come is an event of ours, whole; of a longer one than a block the rest is.
  private func startOfLastLine(_ content: any Content) -> Int64 {
    guard let status = try? content.status() else { return 0 }
    let size = Int64(status.st_size)
    let wanted = Int(min(size, Int64(Self.blockSize)))
    let place = size - Int64(wanted)
    guard let bytes = content.bytes(wanted, at: place) else { return size }
    if let lineFeed = bytes.lastIndex(of: 0x0A) { return place + Int64(lineFeed + 1) }
    return place == 0 ? 0 : size
  }

  /// Puts the copies that rotation made of the file, before it emptied it, in front of it. True if there are any.
  @discardableResult
  func readCopies(of file: FollowedFile, in log: FollowedLog) -> Bool {
    let position = file.position
    let finding = steadily(log) { generations in
      if position.offset == 0 {
        // What was renamed has no copies: those that have changed since came after it.
        return try FileIdentity(path: log.path) == position.identity ? opened(generations.copies(since: position)) : Finding()
      }
      guard let (copy, content) = try generations.find(position) else { return Finding() }
      var finding = try opened(generations.after(copy, position))
      if openFiles[copy.identity] == nil { finding.files.insert((FollowedFile(content, at: position), copy), at: 0) }
      return finding
    }
    guard let finding, !finding.files.isEmpty else { return false }
    let files = log.files
    log.files = []
    add(finding, to: log)
    log.files += files
    return true
  }
}
