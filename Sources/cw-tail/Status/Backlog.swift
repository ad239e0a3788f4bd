internal import Unix

/// What of a log is not delivered yet: what a follower that starts now would read. It opens the files, and reads no more of them than
/// tells which they are.
struct Backlog: Equatable {
  let path: String
  /// Bytes of its files that are not delivered. A last line that is still being written does not count.
  private(set) var bytes: Int64 = 0
  /// False if files are compressed or cannot be read, which count as large as they lie there, or if one that was being read is gone.
  private(set) var isExact = true
  private(set) var files = Files.there
  /// What is behind was written after this time, in milliseconds since the epoch.
  let since: Int64

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

  /// Of all logs that the patterns find or that are remembered, by the bytes of their paths.
  /// - Parameters:
  ///   - memory: what is delivered.
  ///   - adjust: options of the follower, which says nothing unless told to.
  static func all(
    _ finder: FileFinder, behind memory: StoredPositions, adjust: (inout Follower.Options) -> Void = { _ in }
  ) throws -> [[UInt8]: Backlog] {
    let assembler = try EventAssembler(EventAssembler.Rules())
    var options = Follower.Options { _ in assembler }
    options.maximumGoneLogs = .max
    adjust(&options)
    let follower = Follower(finder, memory: memory, output: RecordOutput { $0.count }, options: options)
    follower.scan()
    return follower.logsByPath.mapValues { Backlog(of: $0, follower) }
  }

  private init(of log: FollowedLog, _ follower: Follower) {
    path = log.path
    let position = follower.memory.position(of: log.path) ?? LogPosition()
    since = position.files.map(\.modified).max() ?? position.since ?? log.live?.content.modified ?? 0
    if log.live == nil, let code = follower.troubles[log.path], ![ENOENT, ENOTDIR].contains(code) {
      files = .unreadable(code)
      return
    }
    if follower.needsScan, log.hasMissedLook, log.files.isEmpty {
      files = .unreadable(EMFILE)
      return
    }
    for file in log.files {
      guard let packed = file.content as? CompressedByteSource else {
        add(file)
        continue
      }
      // Nothing tells how much is in it, but for one that is recognised by all that is in it.
      let isAtEnd = file.offset > 0 && ((try? packed.bytes(1, at: file.offset) == nil) ?? false)
      if !isAtEnd || packed.damage != nil { add(size: (try? packed.file.status())?.size) }
    }
    for owed in log.owed.values { add(size: FileStatus.of(owed.path)?.size) }
    if log.files.isEmpty, log.owed.isEmpty, log.known.allSatisfy({ $0.path == nil }) {
      files = position.isNowhere ? .notYet : .gone
    } else if isExact, log.gapCount > 0 || !log.unfound.isEmpty {
      (files, isExact) = (.positionGone, false)
    }
  }

  private mutating func add(size: Int64?) {
    bytes = min(bytes, Int64.max / 2) + (size ?? 0)
    isExact = false
  }

  private mutating func add(_ file: FollowedFile) {
    guard let size = (try? file.content.status())?.size, size > file.offset else { return }
    let count = file.rotatedSince == nil ? Self.wholeLines(file.content, file.offset..<size) : size - file.offset
    bytes = min(bytes, Int64.max / 2) + count
  }

  private static let blockSize: Int64 = 1 << 16

  // How long the range is without what follows its last LF; all of it, if that is longer than a line can be.
  private static func wholeLines(_ content: any ByteSource, _ range: Range<Int64>) -> Int64 {
    var end = range.upperBound
    while end > range.lowerBound, range.upperBound - end < EventAssembler.maximumMessageLength {
      let start = max(range.lowerBound, end - blockSize)
      guard let block = (try? content.bytes(Int(end - start), at: start)) ?? nil else { break }
      if let lineFeed = block.lastIndex(of: 0x0A) { return start + Int64(lineFeed) + 1 - range.lowerBound }
      end = start
    }
    return end == range.lowerBound ? 0 : range.upperBound - range.lowerBound
  }
}
