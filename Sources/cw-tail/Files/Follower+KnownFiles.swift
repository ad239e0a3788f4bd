internal import Records
internal import Unix

/// Recognises the rotated files of a log, by their inode and by their content.
extension Follower {
  /// Adds the files of a log to `inodes`.
  func index(_ log: FollowedLog) {
    log.forgetGone()
    for file in log.known where inodes[file.position.identity.inode]?.contains(where: { $0 === log }) != true {
      inodes[file.position.identity.inode, default: []].append(log)
    }
    for position in log.unlocated where inodes[position.identity.inode]?.contains(where: { $0 === log }) != true {
      inodes[position.identity.inode, default: []].append(log)
    }
  }

  /// Whether the file is a known one of some log, whatever its name. An unchanged file is not read for that.
  func isRecognised(_ path: String, _ status: stat, by asking: FollowedLog? = nil) -> Bool {
    let snapshot = KnownFile.StatSnapshot(status)
    let owners = inodes[snapshot.identity.inode]?.filter { logsByPath[$0.key] === $0 } ?? []
    inodes[snapshot.identity.inode] = owners.isEmpty ? nil : owners
    for log in owners {
      for (index, file) in log.known.enumerated() where file.position.identity.inode == snapshot.identity.inode {
        if file.snapshot != snapshot {
          do {
            let content = try FileByteSource(path: path)
            let isWhole = file.position.state != .compressed || snapshot.size == file.position.offset
            guard content.identity == snapshot.identity, isWhole, try content.matches(file.position) else { continue }
          } catch let error as SystemError where error.isShortage {
            needsScan = needsScan || suspendQuietest()
            return true
          } catch { continue }
        }
        if isReused(file.position, path, snapshot.size, log, file.path) { continue }
        // It is a log of its own.
        if file.position.state == .foreign, isFollowed(path), log.path != path { continue }
        log.known[index].path = path
        log.known[index].snapshot = snapshot
        log.known[index].position.identity = snapshot.identity
        return true
      }
    }
    // Another log was reading it, and goes on when it is examined.
    for log in owners where log !== asking {
      for position in log.unlocated where position.identity.inode == snapshot.identity.inode {
        if let content = try? FileByteSource(path: path), (try? content.matches(position)) == true { return true }
      }
    }
    return stored.positions(inInode: snapshot.identity.inode).contains { position in
      guard position.state != .foreign, position.offset >= status.size, let content = try? FileByteSource(path: path) else { return false }
      return (try? content.matches(position)) == true
    }
  }

  /// Whether the file may be a new one that reuses the inode of `position`: it is longer, few bytes prove that it is the same, and its name
  /// does not support it.
  /// - Parameters:
  ///   - size: of the file now.
  ///   - last: the path under which the old file was seen last.
  func isReused(_ position: FilePosition, _ path: String, _ size: Int64, _ log: FollowedLog, _ last: String?) -> Bool {
    guard position.offset < FilePosition.proof, position.offset != size || size == 0, path != last else { return false }
    if position.offset == 0 || position.state == .foreign { return true }
    return path != log.path && RotatedNames.relation(of: RotatedFiles.split(path).name, to: RotatedFiles.split(log.path).name) == nil
  }

  /// Lists the rotated files of a log and recognises the known ones.
  /// - Parameter live: the file that the path of the log leads to; nil: none.
  /// - Throws: `RotatedFiles.ConcurrentRotation` if the path leads elsewhere meanwhile, so that there may be younger files.
  func scanRotated(_ log: FollowedLog, live: FileIdentity?) throws -> RotationScan {
    let current = log.files.map { $0.content.identity }
    let inodes = current.map(\.inode) + log.unlocated.map(\.identity.inode) + [live].compactMap { $0?.inode }
    let otherNames = Set(log.known.compactMap(\.path) + log.files.compactMap(\.path)).filter { $0 != log.path }
    let rotated = try RotatedFiles.settled(of: log.path, seenAs: Array(otherNames), inodes: inodes, listings)
    // While the path leads to the same file, all other files are older than that one.
    guard live == nil || FileIdentity(path: log.path) == live else { throw RotatedFiles.ConcurrentRotation() }
    var scan = RotationScan()
    let seen = Set(rotated.files.map(\.identity))
    for index in log.known.indices where !seen.contains(log.known[index].position.identity) && log.known[index].path != log.path {
      (log.known[index].path, log.known[index].isGone) = (nil, true)
    }
    for file in rotated.files where file.identity != live {
      if let owner = openFiles[file.identity] {
        if owner === log, let open = log.files.first(where: { $0.content.identity == file.identity }) {
          open.path = file.path
          scan.open[file.identity] = file
          if let original = try takeOver(open, file, of: log) { scan.open[original.content.identity] = file }
        }
        continue
      }
      scan.files.append(file)
      if isRecognised(file.path, file.status, by: log) { continue }
      if try recogniseByContent(file, of: log) {
        scan.hasRecognised = true
        continue
      }
      if let (open, longer) = try origin(of: file, log, live, rotated.files) {
        scan.open[open.content.identity] = file
        if let longer { scan.longer.append((open, longer, file)) }
      } else if file.isLater, live != nil, options.realtime() - file.modified < Self.rotationGrace / 1_000_000 {
        scan.isEarly = true
      } else if !file.isKnownByInodeOnly {
        scan.unknown.append(file)
      }
    }
    return scan
  }

  // A delivered file that was copied or compressed has another inode, but its content tells.
  private func recogniseByContent(_ file: RotatedFiles.File, of log: FollowedLog) throws -> Bool {
    let gone = log.known.indices.filter { log.known[$0].path == nil }
    guard !gone.isEmpty else { return false }
    do {
      let raw = try FileByteSource(path: file.path)
      guard raw.identity == file.identity else { throw RotatedFiles.ConcurrentRotation() }
      let isCompressed = try raw.compression() != nil
      let unpacked = isCompressed ? try? CompressedByteSource(raw, path: file.path) : nil
      for index in gone {
        guard let position = try position(in: file, raw, isCompressed, unpacked, ifSameAs: log.known[index].position) else { continue }
        log.known[index] = KnownFile(position: position, path: file.path, snapshot: file.snapshot)
        self.index(log)
        return true
      }
    } catch let error as SystemError where !error.isShortage {}
    return false
  }

  // The position at the end of `file` if it holds what was delivered up to `known`, and no more; nil if not.
  private func position(
    in file: RotatedFiles.File, _ raw: FileByteSource, _ isCompressed: Bool, _ unpacked: CompressedByteSource?, ifSameAs known: FilePosition
  ) throws -> FilePosition? {
    let isWhole = known.offset == file.status.size
    guard let unpacked, known.state != .compressed, known.state != .foreign || !isWhole else {
      // `known` is a position in the file as it is on the disk.
      let isPlain = known.offset >= FilePosition.proof || isWhole && known.modified == file.modified
      guard known.state == .compressed ? isWhole && isCompressed : isPlain, try raw.matches(known) else { return nil }
      var position = known
      position.identity = file.identity
      return position
    }
    guard known.offset > 0 else { return nil }
    if try unpacked.matches(known) {
      // The rest of a longer file is to be read.
      guard try unpacked.bytes(1, at: known.offset) == nil else { return nil }
    } else {
      // A truncated file has no end to be compared, but the same beginning and time.
      guard unpacked.damage != nil, known.offset >= FilePosition.proof, known.modified == file.modified,
        try unpacked.position(at: Int64(FilePosition.headLength), modified: 0).head == known.head
      else { return nil }
    }
    return try raw.position(at: file.status.size, modified: file.modified, state: known.state == .foreign ? .foreign : .compressed)
  }

  // The open file without a name of which `file` is a copy, possibly compressed; nil: there is none. Reading the open one is enough, unless
  // the copy is `longer`.
  private func origin(
    of file: RotatedFiles.File, _ log: FollowedLog, _ live: FileIdentity?, _ files: [RotatedFiles.File]
  ) throws -> (FollowedFile, longer: FileByteSource?)? {
    if let open = log.files.first(where: { $0.copy?.file.snapshot == file.snapshot }) { return (open, nil) }
    let nameless = log.files.filter { open in
      let identity = open.content.identity
      // Each has one copy: another equal file is another generation.
      let hasCopy = open.copy.map { copy in files.contains { $0.identity == copy.file.identity } } ?? false
      return identity != live && !hasCopy && !files.contains { $0.identity == identity } && !(open.content is CompressedByteSource)
    }
    guard !nameless.isEmpty else { return nil }
    do {
      let content = try file.open()
      for open in nameless {
        let size = try open.content.status()?.size ?? 0
        let isProven = size >= FilePosition.proof || size == file.status.size || content is CompressedByteSource
        if try size > 0 && isProven && content.matches(open.content.position(at: size, modified: 0)) {
          // A longer one begins like it, as every file with the same header does.
          if content is CompressedByteSource, try content.bytes(1, at: size) != nil { continue }
          let rest = max(size - open.offset, 0)
          if let longer = content as? FileByteSource, file.status.size > size, open.isDeleted,
            try longer.countOfEqualBytes(open.content, from: size - rest, limit: rest) == rest
          {
            return (open, longer)
          }
          open.copy = (file, size)
          return (open, nil)
        }
        // All intact bytes of a damaged copy are in the open file.
        if let compressed = content as? CompressedByteSource, compressed.damage != nil {
          let equal = try compressed.countOfEqualBytes(open.content, from: 0, limit: size)
          if try equal > 0 && compressed.bytes(1, at: equal) == nil { return (open, nil) }
        }
      }
    } catch let error as SystemError where !error.isShortage {}
    return nil
  }

  // Puts the original in the place of its copy, if both are open and the original is deleted: a scan fell between the making of the copy
  // and the removal. An original that is emptied instead needs its copy, which has the lines.
  private func takeOver(_ copy: FollowedFile, _ file: RotatedFiles.File, of log: FollowedLog) throws -> FollowedFile? {
    for index in log.files.indices where log.files[index] !== copy && log.files[index].copy == nil {
      let original = log.files[index]
      guard original.content is FileByteSource, original.isDeleted, let size = try original.content.status()?.size else { continue }
      do {
        let content = try file.open()
        let equal = try content.countOfEqualBytes(original.content, from: 0, limit: size)
        guard equal > 0, equal == size || equal >= FilePosition.proof, equal >= copy.offset, try content.bytes(1, at: equal) == nil,
          content.damage == nil
        else { continue }
        let further = copy.offset > original.offset ? try FollowedFile(original.content, offset: copy.offset) : original
        if let since = original.rotatedSince { further.rotate(since: since) }
        (further.path, further.copy) = (original.path, (file, equal))
        log.files[index] = further
        remove(copy, of: log)
        return further
      } catch let error as SystemError where !error.isShortage { continue }
    }
    return nil
  }

  /// Replaces a deleted file by a longer copy of it, as when a log is copied again from another machine.
  func goOn(in scan: inout RotationScan, of log: FollowedLog) throws {
    for (open, copy, file) in scan.longer {
      guard let index = log.files.firstIndex(where: { $0 === open }), openFiles[copy.identity] == nil else { continue }
      let longer = try FollowedFile(copy, offset: open.offset)
      remove(open, of: log)
      add(longer, to: log, rotated: file, at: index)
      scan.open[copy.identity] = file
    }
  }

  /// Whether the file is a copy of a part of the log's live file, at least of all that was read. Nothing of it is read while the original
  /// exists.
  func isCopy(_ path: String, _ status: stat, of log: FollowedLog) -> Bool {
    guard let live = log.live, live.offset >= FilePosition.proof, let content = try? FileByteSource(path: path), status.size >= live.offset,
      (try? content.matches(live.position)) == true, (try? live.isAsItWas()) == true,
      let equal = try? content.countOfEqualBytes(live.content, from: live.offset, limit: status.size - live.offset),
      live.offset + equal == status.size,
      let position = try? content.position(at: status.size, modified: FileChange(status).milliseconds, state: .finished)
    else { return false }
    log.known.append(
      KnownFile(
        position: position, path: path, snapshot: KnownFile.StatSnapshot(status), nextLook: options.monotonic() + KnownFile.shortest))
    index(log)
    return true
  }

  /// Remembers all of a rotated file as `state`.
  /// - Throws: `SystemError` if it cannot be read, `RotatedFiles.ConcurrentRotation` if its path leads elsewhere.
  func remember(_ file: RotatedFiles.File, of log: FollowedLog, _ state: FilePosition.State) throws {
    let content = try FileByteSource(path: file.path)
    guard content.identity == file.identity else { throw RotatedFiles.ConcurrentRotation() }
    let isPacked = try state != .foreign && content.compression() != nil
    let position = try content.position(at: file.status.size, modified: file.modified, state: isPacked ? .compressed : state)
    log.known.append(
      KnownFile(position: position, path: file.path, snapshot: file.snapshot, nextLook: options.monotonic() + KnownFile.shortest))
  }

  /// Remembers an open file as foreign, so that it is not read.
  func ignore(content: any ByteSource, _ path: String, of log: FollowedLog) throws {
    guard let status = try content.status() else { return }
    let position = try content.position(at: status.size, modified: content.modified, state: .foreign)
    log.known.append(KnownFile(position: position, path: path, snapshot: KnownFile.StatSnapshot(status)))
    index(log)
  }

  /// Remembers files as foreign, except those that are logs of their own. A file that cannot be opened is left out.
  func rememberForeign(_ files: [RotatedFiles.File], of log: FollowedLog) throws {
    for file in files where !isFollowed(file.path) {
      do { try remember(file, of: log, .foreign) } catch let error as SystemError where !error.isShortage { continue }
    }
    index(log)
  }
}
