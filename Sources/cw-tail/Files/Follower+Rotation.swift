internal import Records
internal import Unix

/// Where to go on in a log when its path leads to another file than before, or something has appeared beside it.
///
/// Each file that may hold lines of the log is proven to be delivered up to some byte, by what it contains, or is read.
extension Follower {
  /// The files of a log that are not open.
  private struct Look {
    /// All of them.
    var files: [RotatedFiles.File] = []
    /// Of which nothing is known.
    var unknown: [RotatedFiles.File] = []
    /// The one that is being read and has another name now.
    var current: RotatedFiles.File?
  }

  /// Files to be read next.
  private struct Finding {
    var files: [(file: FollowedFile, rotated: RotatedFiles.File?)] = []
    var gaps: [String] = []
  }

  /// Times of files that are closer than that say nothing, in milliseconds.
  private static let timeGrain: Int64 = 2000
  /// How long lines wait for an older file that cannot be read, in nanoseconds.
  private static let patience: Int64 = 60_000_000_000

  // MARK: - what is known

  /// Which logs have a file of this inode, or had.
  func index(_ log: FollowedLog) {
    log.forgetGone()
    for file in log.known where inodes[file.position.identity.inode]?.contains(where: { $0 === log }) != true {
      inodes[file.position.identity.inode, default: []].append(log)
    }
    for position in log.unfound where inodes[position.identity.inode]?.contains(where: { $0 === log }) != true {
      inodes[position.identity.inode, default: []].append(log)
    }
  }

  /// Whether the file is a known one of some log under whatever name. A look at it costs nothing as long as nobody writes to it.
  func isRecognised(_ path: String, _ status: stat, by asking: FollowedLog? = nil) -> Bool {
    let seen = KnownFile.Seen(status)
    let owners = inodes[seen.identity.inode]?.filter { logsByPath[$0.key] === $0 } ?? []
    inodes[seen.identity.inode] = owners.isEmpty ? nil : owners
    for log in owners {
      for (index, file) in log.known.enumerated() where file.position.identity.inode == seen.identity.inode {
        if file.seen != seen {
          do {
            let content = try FileContent(path: path)
            let isSame: Bool
            switch file.position.state {
            case .packed: isSame = try seen.size == file.position.offset && content.matches(file.position)
            case .reading, .finished, .foreign: isSame = try content.matches(file.position)
            }
            guard content.identity == seen.identity, isSame else { continue }
          } catch let error as SystemError where error.isShortage {
            needsScan = needsScan || restQuietest()
            return true
          } catch { continue }
        }
        if isReused(file.position, path, seen.size, log, file.path) { continue }
        // Another log's that follows it for its own sake.
        if file.position.state == .foreign, isFollowed(path), log.path != path { continue }
        log.known[index].path = path
        log.known[index].seen = seen
        log.known[index].position.identity = seen.identity
        return true
      }
    }
    // Another log goes on in it when it is its turn.
    for log in owners where log !== asking {
      for position in log.unfound where position.identity.inode == seen.identity.inode {
        if let content = try? FileContent(path: path), (try? content.matches(position)) == true { return true }
      }
    }
    return memory.positions(inInode: seen.identity.inode).contains { position in
      guard position.state != .foreign, position.offset >= status.size, let content = try? FileContent(path: path) else { return false }
      return (try? content.matches(position)) == true
    }
  }

  // Whether it may as well be a new file that has got the inode of an old one: it has more, little proves that it is the same, and its
  // name is no reason to believe it.
  private func isReused(_ position: Position, _ path: String, _ size: Int64, _ log: FollowedLog, _ last: String?) -> Bool {
    guard position.offset < Position.proof, position.offset != size || size == 0, path != last else { return false }
    if position.offset == 0 || position.state == .foreign { return true }
    return path != log.path && RotatedNames.relation(of: RotatedFiles.split(path).name, to: RotatedFiles.split(log.path).name) == nil
  }

  // Looks at what lies beside the log, and recognises what is known.
  private func look(at log: FollowedLog, live: FileIdentity?) throws -> Look {
    let current = log.files.map { $0.content.identity }
    let inodes = current.map(\.inode) + log.unfound.map(\.identity.inode) + [live].compactMap { $0?.inode }
    let likes = Set(log.known.compactMap(\.path) + log.files.compactMap(\.path)).filter { $0 != log.path }
    let rotated = RotatedFiles(of: log.path, likes: Array(likes), inodes: inodes, listings)
    var look = Look()
    let seen = Set(rotated.files.map(\.identity))
    for index in log.known.indices where !seen.contains(log.known[index].position.identity) && log.known[index].path != log.path {
      (log.known[index].path, log.known[index].isGone) = (nil, true)
    }
    for file in rotated.files where file.identity != live {
      if let owner = openFiles[file.identity] {
        if owner === log, let open = log.files.first(where: { $0.content.identity == file.identity }) {
          open.path = file.path
          look.current = file
        }
        continue
      }
      look.files.append(file)
      if isRecognised(file.path, file.status, by: log) { continue }
      if try isKnownByContent(file, of: log) || isMadeOfOpen(file, of: log, live, rotated.files) { continue }
      if !file.isStranger { look.unknown.append(file) }
    }
    return look
  }

  // A delivered file that was copied or compressed: it has another inode, and contains what was delivered.
  private func isKnownByContent(_ file: RotatedFiles.File, of log: FollowedLog) throws -> Bool {
    let gone = log.known.indices.filter { log.known[$0].path == nil }
    guard !gone.isEmpty else { return false }
    var unpacked: CompressedContent?
    do {
      let content = try FileContent(path: file.path)
      guard content.identity == file.identity else { throw RotatedFiles.Moved() }
      let isCompressed = try content.compression() != nil
      for index in gone {
        var position = log.known[index].position
        let isWhole = position.offset == file.status.size
        switch position.state {
        case .packed:
          guard isWhole, isCompressed, try content.matches(position) else { continue }
        case .foreign, .finished, .reading:
          if isCompressed, position.state != .foreign || !isWhole {
            unpacked = try unpacked ?? CompressedContent(content, path: file.path)
            guard let unpacked, position.offset > 0 else { continue }
            guard try unpacked.matches(position) else {
              // One that is cut off has no end to be compared; it begins as the other did, and has its time.
              guard unpacked.damage != nil, position.offset >= Position.proof, abs(position.modified - file.modified) < Self.timeGrain,
                try unpacked.position(at: Int64(Position.headLength), modified: 0).head == position.head
              else { continue }
              log.known[index] = KnownFile(
                position: try content.position(at: file.status.size, modified: file.modified, state: .packed), path: file.path,
                seen: file.seen)
              self.index(log)
              return true
            }
            // Longer than what was delivered: the rest is to be read.
            guard try unpacked.bytes(1, at: position.offset) == nil else { continue }
            position = try content.position(
              at: file.status.size, modified: file.modified, state: position.state == .foreign ? .foreign : .packed)
          } else {
            let isProven = position.offset >= Position.proof || isWhole && position.modified == file.modified
            guard !isCompressed || position.state == .foreign, isProven, try content.matches(position) else { continue }
          }
        }
        position.identity = file.identity
        log.known[index] = KnownFile(position: position, path: file.path, seen: file.seen)
        self.index(log)
        return true
      }
      return false
    } catch let error as SystemError where !error.isShortage {
      return false
    }
  }

  // A copy of a file that is being read and has no name any more, as a compressed one is; the open one is enough.
  private func isMadeOfOpen(
    _ file: RotatedFiles.File, of log: FollowedLog, _ live: FileIdentity?, _ files: [RotatedFiles.File]
  ) throws -> Bool {
    let nameless = log.files.filter { open in
      let identity = open.content.identity
      return identity != live && !files.contains { $0.identity == identity } && !(open.content is CompressedContent)
    }
    guard !nameless.isEmpty else { return false }
    do {
      let content = try file.open()
      for open in nameless {
        let size = try open.content.status()?.size ?? 0
        let isProven = size >= Position.proof || size == file.status.size || content is CompressedContent
        if try size > 0 && isProven && content.matches(open.content.position(at: size, modified: 0)) { return true }
        // What there is of a damaged one is in the other.
        if let packed = content as? CompressedContent, packed.damage != nil,
          try packed.countOfEqualBytes(open.content, from: 0, limit: size) >= min(Position.proof, size), packed.damage != nil
        {
          return true
        }
      }
    } catch let error as SystemError where !error.isShortage {}
    return false
  }

  /// Whether the file holds what was read of the log's present file, and nothing else: a copy, of which nothing is to be read while the
  /// original is there.
  func isCopy(_ path: String, _ status: stat, of log: FollowedLog) -> Bool {
    guard let live = log.live, live.offset >= Position.proof, let content = try? FileContent(path: path), status.size >= live.offset,
      (try? content.matches(live.position)) == true, (try? live.isAsItWas()) == true,
      let equal = try? content.countOfEqualBytes(live.content, from: live.offset, limit: status.size - live.offset),
      live.offset + equal == status.size,
      let position = try? content.position(at: status.size, modified: FileChange(status).milliseconds, state: .finished)
    else { return false }
    log.known.append(
      KnownFile(position: position, path: path, seen: KnownFile.Seen(status), nextLook: options.monotonic() + KnownFile.shortest))
    index(log)
    return true
  }

  private func remember(_ file: RotatedFiles.File, of log: FollowedLog, _ state: Position.State) throws {
    let content = try FileContent(path: file.path)
    guard content.identity == file.identity else { throw RotatedFiles.Moved() }
    let isPacked = try state != .foreign && content.compression() != nil
    let position = try content.position(at: file.status.size, modified: file.modified, state: isPacked ? .packed : state)
    log.known.append(
      KnownFile(position: position, path: file.path, seen: file.seen, nextLook: options.monotonic() + KnownFile.shortest))
  }

  /// Takes it for none of the log's, whatever it is.
  func ignore(content: any Content, _ path: String, of log: FollowedLog) throws {
    guard let status = try content.status() else { return }
    let position = try content.position(at: status.size, modified: content.modified, state: .foreign)
    log.known.append(KnownFile(position: position, path: path, seen: KnownFile.Seen(status)))
    index(log)
  }

  // What cannot even be opened cannot be told from anything later either.
  private func rememberForeign(_ files: [RotatedFiles.File], of log: FollowedLog) throws {
    for file in files where !isFollowed(file.path) {
      do { try remember(file, of: log, .foreign) } catch let error as SystemError where !error.isShortage { continue }
    }
    index(log)
  }

  // MARK: - a log that is new

  /// Begins with a log of which nothing is known, or nothing but since when it was not there.
  func begin(_ log: FollowedLog, _ live: FileContent) throws {
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
      add(try opened(RotatedFiles.sorted(older), of: log), to: log)
      add(try followed(live, log.path), to: log)
    } else {
      for file in older { try remember(file, of: log, .finished) }
      index(log)
      add(try FollowedFile(live, offset: startOfLastLine(live, size: status?.size ?? 0)), to: log)
    }
    log.isToBeExamined = false
    if !isFirstScan, memory.isKept { writePosition(of: log) }
  }

  // A line that is being written when we come is an event of ours, whole; of a longer one than a block the rest is.
  private func startOfLastLine(_ content: any Content, size: Int64) throws -> Int64 {
    let wanted = Int(min(size, Int64(Self.blockSize)))
    let start = size - Int64(wanted)
    guard let bytes = try content.bytes(wanted, at: start) else { return size }
    if let lineFeed = bytes.lastIndex(of: 0x0A) { return start + Int64(lineFeed + 1) }
    return start == 0 ? 0 : size
  }

  // What was read of it under another name is not read again.
  private func followed(_ content: any Content, _ path: String) throws -> FollowedFile {
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
  func advance(_ log: FollowedLog, to live: FileContent?) throws {
    let current = log.files.last
    let look = try look(at: log, live: live?.identity)
    var finding = Finding()
    let lost: [Position]
    var anchor = look.current
    var taken: Set<FileIdentity>
    var liveFile: FollowedFile?
    let found = try takeUnfound(of: log, look, live, &finding)
    (lost, liveFile, anchor, taken) = (found.lost, found.live, found.anchor ?? anchor, found.taken)
    if let live, liveFile == nil { liveFile = try known(live, of: log, current) }
    let unknown = look.unknown.filter { !taken.contains($0.identity) }
    let isSwitched = liveFile.map { $0.offset == 0 } ?? true || current != nil || !finding.files.isEmpty || !lost.isEmpty
    let next = isSwitched ? unknown.filter { isNext($0, of: log, live) } : []
    let paths = Set(next.map(\.path))
    try rememberForeign(unknown.filter { !paths.contains($0.path) && (live != nil || wasThere($0, log)) }, of: log)
    let later = try opened(RotatedFiles.sorted(next, after: anchor), of: log)
    finding.files += later.files
    settleOwed(of: log, look)
    // It may be on its way: nothing is lost before another file is there.
    if live == nil, finding.files.isEmpty, !lost.isEmpty {
      log.isToBeExamined = false
      return
    }
    finding.gaps += lost.filter { $0.offset > 0 }.map(Self.sentence)
    let wasUnfound = !log.unfound.isEmpty
    log.unfound = found.waiting
    if live != nil { log.since = nil }
    if let current, current.rotatedSince == nil, live != nil { current.rotate(since: options.monotonic()) }
    add(finding, to: log)
    if let liveFile {
      log.known.removeAll { $0.position.identity.inode == liveFile.content.identity.inode && $0.position.state != .packed }
      add(liveFile, to: log)
    }
    log.isToBeExamined = false
    if current == nil, !isFirstScan || wasUnfound, memory.isKept { writePosition(of: log) }
  }

  private static func sentence(gone position: Position) -> String {
    "the file that was read up to byte \(position.offset) is gone; what came after that in it is lost"
  }

  /// What became of the files that an earlier run was reading.
  private struct Found {
    var live: FollowedFile?
    var lost: [Position] = []
    /// Those that are there and cannot be read at present.
    var waiting: [Position] = []
    var anchor: RotatedFiles.File?
    var taken: Set<FileIdentity> = []
  }

  @discardableResult
  private func takeUnfound(of log: FollowedLog, _ look: Look, _ live: FileContent?, _ finding: inout Finding) throws -> Found {
    var found = Found()
    func take(_ position: Position, byContent: Bool) throws -> Bool {
      let files = look.files.filter { !found.taken.contains($0.identity) }
      guard let (file, content) = try find(position, files, byContent: byContent) else { return false }
      finding.files.append((try FollowedFile(content, at: position), file))
      (found.anchor, _) = (file, found.taken.insert(file.identity))
      log.owed[file.identity] = nil
      return true
    }
    for position in log.unfound.sorted(by: { $0.modified < $1.modified }) {
      do {
        if let live, found.live == nil, live.identity.inode == position.identity.inode, try live.matches(position) {
          found.live = try FollowedFile(live, at: position)
        } else if try take(position, byContent: false) {
          continue
        } else if let live, found.live == nil, position.offset >= Position.proof, try live.matches(position) {
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
  private func isReadElsewhere(_ position: Position, _ log: FollowedLog) -> Bool {
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
  private func known(_ live: FileContent, of log: FollowedLog, _ current: FollowedFile?) throws -> FollowedFile {
    let same = log.known.filter { $0.mayGrow && $0.position.identity.inode == live.identity.inode }
    for file in same where try live.matches(file.position) { return try FollowedFile(live, at: file.position) }
    // Edited, or copied from elsewhere, as at each boot of a machine whose logs live in memory.
    if let current, current.offset >= Position.proof, try live.matches(current.position) {
      let rest = max(try current.content.status()?.size ?? 0, current.offset) - current.offset
      let equal = try live.countOfEqualBytes(current.content, from: current.offset, limit: rest)
      let file = try FollowedFile(live, offset: current.offset + (equal < rest ? equal : 0))
      if equal == rest { remove(current, of: log) }
      return file
    }
    let gone = log.known.filter { $0.mayGrow && $0.path == nil && $0.position.offset >= Position.proof }.sorted {
      $0.position.offset > $1.position.offset
    }
    for file in gone where try live.matches(file.position) { return try FollowedFile(live, at: file.position) }
    return try followed(live, log.path)
  }

  // Where the file lies of which `position` speaks: by its inode it is known under any name. One that was compressed or copied has
  // another inode: then what it contains must do.
  private func find(_ position: Position, _ files: [RotatedFiles.File], byContent: Bool) throws -> (RotatedFiles.File, any Content)? {
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
  private func isNext(_ file: RotatedFiles.File, of log: FollowedLog, _ live: FileContent?) -> Bool {
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

  private func opened(_ files: [RotatedFiles.File], of log: FollowedLog) throws -> Finding {
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
  private func settleOwed(of log: FollowedLog, _ look: Look) {
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
    guard try live.isAsItWas() || live.offset == 0 else { return emptied(live, of: log) }
    let look = try look(at: log, live: live.content.identity)
    log.isToBeExamined = false
    settleOwed(of: log, look)
    if !log.owed.isEmpty || !log.unfound.isEmpty {
      var finding = Finding()
      let found = try takeUnfound(of: log, look, nil, &finding)
      log.unfound = found.waiting
      for position in found.lost where position.offset > 0 { reportGap(log, Self.sentence(gone: position)) }
      let owed = RotatedFiles.sorted(look.unknown.filter { log.owed[$0.identity] != nil && !found.taken.contains($0.identity) })
      finding.files += try opened(owed, of: log).files
      // Before what waits for it.
      for (file, rotated) in finding.files {
        let (files, modified) = (log.files, rotated?.modified ?? 0)
        let index = files.firstIndex { $0.rotatedSince == nil || $0.content.modified > modified } ?? files.count
        log.files = Array(files[..<index])
        add(file, to: log, rotated: rotated)
        log.files += files[index...]
      }
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
      guard position.offset > 0 || FileIdentity(path: log.path) == position.identity else { return }
      let look = try look(at: log, live: file.content.identity)
      var finding = Finding()
      var anchor: RotatedFiles.File?
      if let (copy, content) = try find(position, look.files, byContent: true) {
        anchor = copy
        log.known.removeAll { $0.position.identity == copy.identity }
        finding.files.append((try FollowedFile(content, at: position), copy))
      }
      let unknown = look.unknown.filter { $0.path != anchor?.path && (position.offset == 0 && $0.relation.isCertain || !wasThere($0, log)) }
      let later = try opened(RotatedFiles.sorted(unknown.filter { isNext($0, of: log, nil) }, after: anchor), of: log)
      finding.files += later.files
      hasCopies = !finding.files.isEmpty
      let files = log.files
      log.files = files.prefix { $0 !== file }.map { $0 }
      add(finding, to: log)
      log.files += files.drop { $0 !== file }
      log.isToBeExamined = false
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
      let content = try FileContent(path: path)
      guard log.known.indices.contains(index), content.identity == log.known[index].position.identity,
        try content.matches(log.known[index].position) && content.compression() == nil
      else { return }
      let file = try FollowedFile(content, at: log.known[index].position)
      log.known.remove(at: index)
      log.owed[content.identity] = nil
      let files = log.files
      log.files = []
      file.rotate(since: options.monotonic())
      file.path = path
      add(file, to: log)
      log.files += files
    }
  }

  // MARK: - reading them

  private func add(_ file: FollowedFile, to log: FollowedLog, rotated: RotatedFiles.File? = nil) {
    if let rotated {
      // Nobody writes any more to one that has been quiet for so long.
      let quiet = options.realtime() - rotated.modified
      file.rotate(since: options.monotonic() - (quiet > Self.rotationGrace / 1_000_000 ? Self.rotationGrace : 0))
      file.path = rotated.path
    }
    if file.rotatedSince == nil { file.path = RotatedFiles.target(of: log.path) }
    openedCount += 1
    options.inform("reading \(file.path ?? log.path) from byte \(file.offset)")
    log.files.append(file)
    log.isResting = false
    openFiles[file.content.identity] = log
  }

  private func add(_ finding: Finding, to log: FollowedLog) {
    for gap in finding.gaps { reportGap(log, gap) }
    for (file, rotated) in finding.files { add(file, to: log, rotated: rotated) }
  }
}
