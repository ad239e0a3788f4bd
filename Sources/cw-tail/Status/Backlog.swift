internal import Unix

/// What of a log is not delivered yet, as its files tell. It only looks: nothing is unpacked, nothing is kept open.
struct Backlog: Equatable {
  /// Bytes of its files that are not delivered. A last line that is still being written does not count.
  private(set) var bytes: Int64 = 0
  /// False if files are compressed, which count as large as they lie there, or if one that was being read is gone.
  private(set) var isExact = true
  private(set) var files = Files.there
  /// What is behind was written after this time, in milliseconds since the epoch.
  private(set) var since: Int64

  enum Files: Equatable {
    case there
    /// There never was one.
    case notYet
    /// Neither the path nor a rotated name leads to one.
    case gone
    /// There is one, but not the one that was being read, which may have had more.
    case positionGone
    /// `errno`.
    case unreadable(Int32)
  }

  /// - Parameters:
  ///   - path: of the log.
  ///   - position: up to where its files are delivered.
  ///   - memory: what else is delivered, under other names.
  init(of path: String, behind position: LogPosition, memory: StoredPositions, listings: FolderListings) {
    since = position.files.map(\.modified).max() ?? position.since ?? 0
    do {
      try look(path, position, memory, listings)
    } catch {
      files = .unreadable((error as? SystemError)?.code ?? EIO)
    }
  }

  /// Of a file of which nothing is stored under its own name.
  init(undelivered path: String, memory: StoredPositions) {
    since = FileStatus.of(path).map { FileChange($0).milliseconds } ?? 0
    do {
      guard let live = try Self.live(path) else { return }
      if try live.compression() == nil { add(live, from: Self.delivered(of: live, memory), isLive: true) }
    } catch {
      files = .unreadable((error as? SystemError)?.code ?? EIO)
    }
  }

  private mutating func look(_ path: String, _ position: LogPosition, _ memory: StoredPositions, _ listings: FolderListings) throws {
    let live = try Self.live(path)
    var rest = position.files
    // Takes the position of a file out of the rest.
    func take(_ isIt: (Position) throws -> Bool) rethrows -> Position? {
      guard let index = try rest.firstIndex(where: isIt) else { return nil }
      return rest.remove(at: index)
    }
    let inodes = position.files.filter { $0.state == .reading }.map(\.identity.inode)
    let rotated = RotatedFiles(of: path, likes: [], inodes: inodes, listings).files.filter { $0.identity != live?.identity }
    var unknown: [(file: RotatedFiles.File, content: FileContent)] = []
    if let live {
      let known = try take { try $0.identity.inode == live.identity.inode && $0.mayGrow && live.matches($0) }
      if let known { add(live, from: known.offset, isLive: true) }
      for file in rotated { if let content = try? FileContent(path: file.path) { unknown.append((file, content)) } }
      try settle(&unknown, &rest)
      if known == nil {
        let copied = try take { try $0.mayGrow && $0.offset >= Position.proof && live.matches($0) }
        add(live, from: copied?.offset ?? Self.delivered(of: live, memory), isLive: true)
      } else if rest.allSatisfy({ $0.state != .reading }) {
        // The log goes on as before: what else lies there is none of it.
        unknown = []
      }
    } else {
      for file in rotated { if let content = try? FileContent(path: file.path) { unknown.append((file, content)) } }
      try settle(&unknown, &rest)
    }
    for (file, content) in unknown where position.since.map({ file.modified >= $0 }) ?? true {
      if try content.compression() != nil {
        // One that was delivered keeps its time when it is compressed.
        if let index = rest.firstIndex(where: { $0.state == .finished && abs($0.modified - file.modified) < 1000 }) {
          rest.remove(at: index)
          continue
        }
        bytes += file.status.size
        isExact = false
      } else {
        let copied = try take { try $0.mayGrow && $0.offset > 0 && content.matches($0) }
        add(content, from: copied?.offset ?? Self.delivered(of: content, memory), isLive: false)
      }
    }
    let isLost = rest.contains { $0.state == .reading }
    if live == nil, rotated.isEmpty {
      files = position.isNowhere ? .notYet : .gone
    } else if isLost, isExact {
      (files, isExact) = (.positionGone, false)
    }
  }

  // What is told of a file by its inode.
  private mutating func settle(_ files: inout [(file: RotatedFiles.File, content: FileContent)], _ rest: inout [Position]) throws {
    try files.removeAll { file, content in
      for (index, position) in rest.enumerated() where position.identity.inode == file.identity.inode {
        let isPacked = try content.compression() != nil
        // What is in it is behind, from wherever delivery has come to.
        if isPacked, position.state == .reading {
          (bytes, isExact) = (bytes + file.status.size, false)
        } else if try content.matches(position) {
          if position.mayGrow { add(content, from: position.offset, isLive: false) }
        } else {
          continue
        }
        rest.remove(at: index)
        return true
      }
      return false
    }
  }

  private static func live(_ path: String) throws -> FileContent? {
    do {
      return try FileContent(path: path)
    } catch let error as SystemError where error.code == ENOENT || error.code == ENOTDIR {
      return nil
    }
  }

  private mutating func add(_ content: any Content, from offset: Int64, isLive: Bool) {
    guard let size = try? content.status()?.size, size > offset else { return }
    let count = isLive ? Self.wholeLines(content, offset..<size) : size - offset
    bytes = min(bytes, Int64.max / 2) + count
  }

  // Under whatever name.
  private static func delivered(of content: any Content, _ memory: StoredPositions) -> Int64 {
    let positions = memory.positions(inInode: content.identity.inode)
    return positions.filter { $0.offset > 0 && ((try? content.matches($0)) ?? false) }.map(\.offset).max() ?? 0
  }

  private static let blockSize: Int64 = 1 << 16

  // How long the range is without what follows its last LF; all of it, if that is longer than a line can be.
  private static func wholeLines(_ content: any Content, _ range: Range<Int64>) -> Int64 {
    var end = range.upperBound
    while end > range.lowerBound, range.upperBound - end < EventForm.maximumMessageLength {
      let start = max(range.lowerBound, end - blockSize)
      guard let block = (try? content.bytes(Int(end - start), at: start)) ?? nil else { break }
      if let lineFeed = block.lastIndex(of: 0x0A) { return start + Int64(lineFeed) + 1 - range.lowerBound }
      end = start
    }
    return end == range.lowerBound ? 0 : range.upperBound - range.lowerBound
  }
}
