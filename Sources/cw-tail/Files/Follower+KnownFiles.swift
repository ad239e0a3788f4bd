internal import Records
internal import Unix

/// What is known of the other files of a log, and how they are recognised: by their inode, and by what they contain.
extension Follower {
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
            let content = try FileByteSource(path: path)
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
        if let content = try? FileByteSource(path: path), (try? content.matches(position)) == true { return true }
      }
    }
    return memory.positions(inInode: seen.identity.inode).contains { position in
      guard position.state != .foreign, position.offset >= status.size, let content = try? FileByteSource(path: path) else { return false }
      return (try? content.matches(position)) == true
    }
  }

  // Whether it may as well be a new file that has got the inode of an old one: it has more, little proves that it is the same, and its
  // name is no reason to believe it.
  func isReused(_ position: FilePosition, _ path: String, _ size: Int64, _ log: FollowedLog, _ last: String?) -> Bool {
    guard position.offset < FilePosition.proof, position.offset != size || size == 0, path != last else { return false }
    if position.offset == 0 || position.state == .foreign { return true }
    return path != log.path && RotatedNames.relation(of: RotatedFiles.split(path).name, to: RotatedFiles.split(log.path).name) == nil
  }

  /// Looks at what lies beside the log, and recognises what is known.
  /// - Parameter live: what its path leads to; nil: nothing.
  /// - Throws: `RotatedFiles.Moved` if it leads elsewhere, so that younger files may lie there.
  func look(at log: FollowedLog, live: FileIdentity?) throws -> Look {
    let current = log.files.map { $0.content.identity }
    let inodes = current.map(\.inode) + log.unfound.map(\.identity.inode) + [live].compactMap { $0?.inode }
    let likes = Set(log.known.compactMap(\.path) + log.files.compactMap(\.path)).filter { $0 != log.path }
    let rotated = try RotatedFiles.settled(of: log.path, likes: Array(likes), inodes: inodes, listings)
    // What is listed while the path leads to the same file is older than that.
    guard live == nil || FileIdentity(path: log.path) == live else { throw RotatedFiles.Moved() }
    var look = Look()
    let seen = Set(rotated.files.map(\.identity))
    for index in log.known.indices where !seen.contains(log.known[index].position.identity) && log.known[index].path != log.path {
      (log.known[index].path, log.known[index].isGone) = (nil, true)
    }
    for file in rotated.files where file.identity != live {
      if let owner = openFiles[file.identity] {
        if owner === log, let open = log.files.first(where: { $0.content.identity == file.identity }) {
          open.path = file.path
          look.open[file.identity] = file
        }
        continue
      }
      look.files.append(file)
      if isRecognised(file.path, file.status, by: log) { continue }
      if try isKnownByContent(file, of: log) {
        look.hasRecognised = true
        continue
      }
      if let (open, longer) = try origin(of: file, log, live, rotated.files) {
        look.open[open.content.identity] = file
        if let longer { look.longer.append((open, longer, file)) }
      } else if file.isLater, live != nil, options.realtime() - file.modified < Self.rotationGrace / 1_000_000 {
        look.isEarly = true
      } else if !file.isStranger {
        look.unknown.append(file)
      }
    }
    return look
  }

  // A delivered file that was copied or compressed: it has another inode, and contains what was delivered.
  private func isKnownByContent(_ file: RotatedFiles.File, of log: FollowedLog) throws -> Bool {
    let gone = log.known.indices.filter { log.known[$0].path == nil }
    guard !gone.isEmpty else { return false }
    var unpacked: CompressedByteSource?
    do {
      let content = try FileByteSource(path: file.path)
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
            unpacked = try unpacked ?? CompressedByteSource(content, path: file.path)
            guard let unpacked, position.offset > 0 else { continue }
            guard try unpacked.matches(position) else {
              // One that is cut off has no end to be compared; it begins as the other did, and has its very time.
              guard unpacked.damage != nil, position.offset >= FilePosition.proof, position.modified == file.modified,
                try unpacked.position(at: Int64(FilePosition.headLength), modified: 0).head == position.head
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
            let isProven = position.offset >= FilePosition.proof || isWhole && position.modified == file.modified
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

  // Of a copy, as a compressed one is: the file that is being read and has no name any more. The open one is enough.
  private func origin(
    of file: RotatedFiles.File, _ log: FollowedLog, _ live: FileIdentity?, _ files: [RotatedFiles.File]
  ) throws -> (FollowedFile, longer: FileByteSource?)? {
    if let open = log.files.first(where: { $0.copy?.file.seen == file.seen }) { return (open, nil) }
    let nameless = log.files.filter { open in
      let identity = open.content.identity
      return identity != live && !files.contains { $0.identity == identity } && !(open.content is CompressedByteSource)
    }
    guard !nameless.isEmpty else { return nil }
    do {
      let content = try file.open()
      for open in nameless {
        let size = try open.content.status()?.size ?? 0
        let isProven = size >= FilePosition.proof || size == file.status.size || content is CompressedByteSource
        if try size > 0 && isProven && content.matches(open.content.position(at: size, modified: 0)) {
          let rest = max(size - open.offset, 0)
          if let longer = content as? FileByteSource, file.status.size > size, open.isDeleted,
            try longer.countOfEqualBytes(open.content, from: size - rest, limit: rest) == rest
          {
            return (open, longer)
          }
          open.copy = (file, size)
          return (open, nil)
        }
        // All that there is of a damaged one is in the other.
        if let packed = content as? CompressedByteSource, packed.damage != nil {
          let equal = try packed.countOfEqualBytes(open.content, from: 0, limit: size)
          if try equal > 0 && packed.bytes(1, at: equal) == nil { return (open, nil) }
        }
      }
    } catch let error as SystemError where !error.isShortage {}
    return nil
  }

  /// Goes on in what has more than a deleted file, as another copy of the same log from another machine.
  func goOn(in look: inout Look, of log: FollowedLog) throws {
    for (open, copy, file) in look.longer {
      guard let index = log.files.firstIndex(where: { $0 === open }), openFiles[copy.identity] == nil else { continue }
      let longer = try FollowedFile(copy, offset: open.offset)
      remove(open, of: log)
      add(longer, to: log, rotated: file, at: index)
      look.open[copy.identity] = file
    }
  }

  /// Whether the file holds what was read of the log's present file, and nothing else: a copy, of which nothing is to be read while the
  /// original is there.
  func isCopy(_ path: String, _ status: stat, of log: FollowedLog) -> Bool {
    guard let live = log.live, live.offset >= FilePosition.proof, let content = try? FileByteSource(path: path), status.size >= live.offset,
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

  func remember(_ file: RotatedFiles.File, of log: FollowedLog, _ state: FilePosition.State) throws {
    let content = try FileByteSource(path: file.path)
    guard content.identity == file.identity else { throw RotatedFiles.Moved() }
    let isPacked = try state != .foreign && content.compression() != nil
    let position = try content.position(at: file.status.size, modified: file.modified, state: isPacked ? .packed : state)
    log.known.append(
      KnownFile(position: position, path: file.path, seen: file.seen, nextLook: options.monotonic() + KnownFile.shortest))
  }

  /// Takes it for none of the log's, whatever it is.
  func ignore(content: any ByteSource, _ path: String, of log: FollowedLog) throws {
    guard let status = try content.status() else { return }
    let position = try content.position(at: status.size, modified: content.modified, state: .foreign)
    log.known.append(KnownFile(position: position, path: path, seen: KnownFile.Seen(status)))
    index(log)
  }

  // What cannot even be opened cannot be told from anything later either.
  func rememberForeign(_ files: [RotatedFiles.File], of log: FollowedLog) throws {
    for file in files where !isFollowed(file.path) {
      do { try remember(file, of: log, .foreign) } catch let error as SystemError where !error.isShortage { continue }
    }
    index(log)
  }
}
