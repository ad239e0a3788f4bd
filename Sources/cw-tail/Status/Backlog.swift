internal import Unix

/// What of a log is not delivered yet, as its files tell. It only looks: no program is run, nothing is kept open.
struct Backlog: Equatable {
  /// Bytes behind the position: in its file, and all of later ones. A last line that is still being written does not count.
  private(set) var bytes: Int64 = 0
  /// False if files are compressed, which count as large as they lie there, or if the one of the position is gone.
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
    /// There is one, but not that of the position, which may have had more.
    case positionGone
    /// `errno`.
    case unreadable(Int32)
  }

  /// - Parameters:
  ///   - path: of the log.
  ///   - position: up to where it is delivered.
  ///   - memory: what else is delivered, under other names.
  init(of path: String, behind position: Position, memory: StoredPositions, listings: FolderListings) {
    since = position.modified
    do {
      try look(path, position, memory, listings)
    } catch {
      files = .unreadable((error as? SystemError)?.code ?? EIO)
    }
  }

  private mutating func look(_ path: String, _ position: Position, _ memory: StoredPositions, _ listings: FolderListings) throws {
    let live = try Self.live(path)
    if let live, live.identity.inode == position.identity.inode, live.matches(position) {
      // Of a file that was emptied before anything was read of it, nothing but the copy tells.
      if position.offset == 0 { add(Generations(of: path, listings).after(nil, position), except: live, memory) }
      return add(live, from: position.offset, isLive: true)
    }
    let generations = Generations(of: path, listings)
    let rest = (try? generations.find(position, unpacking: false)).flatMap { $0 }
    if let rest { add(rest.content, from: position.offset, isLive: false) }
    // Delivery has come to a compressed file.
    let packed = generations.rotated.first { $0.isCompressed && $0.identity == position.identity }
    if let packed, !position.isFinished { add([packed], except: live, memory) }
    var after = generations.after(rest?.file ?? packed, position)
    // Of a finished file nothing is behind, so it is not meant where it was compressed since.
    if rest == nil, packed == nil, position.isFinished { after = after.filter { $0.modified > position.modified }[...] }
    add(after, except: live, memory)
    if let live { add(live, from: Self.delivered(of: live, memory), isLive: true) }
    if rest == nil, packed == nil { files = Self.files(generations, position, isLive: live != nil) }
    if files == .positionGone { isExact = false }
  }

  // How it is that the position's file is not there as it was.
  private static func files(_ generations: Generations, _ position: Position, isLive: Bool) -> Files {
    if !isLive, generations.rotated.isEmpty { return position.isNowhere ? .notYet : .gone }
    // It may be one that is compressed.
    let isPerhapsThere = generations.rotated.contains { $0.isCompressed && $0.modified >= position.modified }
    return position.isFinished || isPerhapsThere || !generations.hasLost(position) ? .there : .positionGone
  }

  private static func live(_ path: String) throws -> FileContent? {
    do {
      return try FileContent(path: path)
    } catch let error as SystemError where error.code == ENOENT || error.code == ENOTDIR {
      return nil
    }
  }

  private mutating func add(_ content: any Content, from offset: Int64, isLive: Bool) {
    guard let size = try? content.status()?.st_size, Int64(size) > offset else { return }
    bytes += isLive ? Self.wholeLines(content, offset..<Int64(size)) : Int64(size) - offset
  }

  private mutating func add(_ files: ArraySlice<Generations.File>, except live: FileContent?, _ memory: StoredPositions) {
    for file in files where file.identity != live?.identity {
      if file.isCompressed {
        var status = stat()
        if stat(file.path, &status) == 0 { bytes += Int64(status.st_size) }
        isExact = false
      } else if let content = try? file.open() {
        add(content, from: Self.delivered(of: content, memory), isLive: false)
      }
    }
  }

  // Under whatever name.
  private static func delivered(of content: any Content, _ memory: StoredPositions) -> Int64 {
    memory.positions(inInode: content.identity.inode).filter { $0.offset > 0 && content.matches($0) }.map(\.offset).max() ?? 0
  }

  private static let blockSize: Int64 = 1 << 16

  // How long the range is without what follows its last LF; all of it, if that is longer than a line can be.
  private static func wholeLines(_ content: any Content, _ range: Range<Int64>) -> Int64 {
    var end = range.upperBound
    while end > range.lowerBound, range.upperBound - end < EventForm.maximumMessageLength {
      let start = max(range.lowerBound, end - blockSize)
      guard let block = content.bytes(Int(end - start), at: start) else { break }
      if let lineFeed = block.lastIndex(of: 0x0A) { return start + Int64(lineFeed) + 1 - range.lowerBound }
      end = start
    }
    return end == range.lowerBound ? 0 : range.upperBound - range.lowerBound
  }
}
