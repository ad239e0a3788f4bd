internal import Unix

/// How much of a log is not delivered yet, that is, how much a follower that starts now would read. It opens the files, and reads only
/// enough to identify them.
struct Backlog: Equatable {
  let path: String
  /// Bytes that are not delivered, without an incomplete last line.
  private(set) var bytes: Int64 = 0
  /// False if a file is compressed or cannot be read, so that its size on the disk counts, or if one that was being read is gone.
  private(set) var isExact = true
  /// What is wrong with its files; nil: nothing.
  private(set) var trouble: Trouble?
  /// The bytes were written after this time, in milliseconds since the epoch.
  let since: Int64

  enum Trouble: Equatable {
    /// No file has ever existed.
    case noFileYet
    /// Neither the path nor a rotated name leads to a file.
    case gone
    /// There are files, but the one that was being read is gone, and may have had more.
    case positionGone
    /// With the errno.
    case unreadable(Int32)
  }

  /// The backlogs of all logs that the patterns find or that are remembered, by the bytes of their paths.
  /// - Parameters:
  ///   - stored: what is delivered.
  ///   - adjust: sets options of the follower, which reports nothing by default.
  static func all(
    _ finder: FileFinder, behind stored: StoredPositions, adjust: (inout Follower.Options) -> Void = { _ in }
  ) throws -> [[UInt8]: Backlog] {
    let assembler = try EventAssembler(EventAssembler.Rules())
    var options = Follower.Options { _ in assembler }
    options.maximumGoneLogs = .max
    adjust(&options)
    let follower = Follower(finder, stored: stored, output: RecordOutput { $0.count }, options: options)
    follower.scan()
    return follower.logsByPath.mapValues { Backlog(of: $0, follower) }
  }

  private init(of log: FollowedLog, _ follower: Follower) {
    path = log.path
    let position = follower.stored.position(of: log.path) ?? LogPosition()
    since = position.files.map(\.modified).max() ?? position.since ?? log.live?.content.modified ?? 0
    if log.live == nil, let code = follower.troubles[log.path], ![ENOENT, ENOTDIR].contains(code) {
      trouble = .unreadable(code)
      return
    }
    if follower.needsScan, log.hasMissedLook, log.files.isEmpty {
      trouble = .unreadable(EMFILE)
      return
    }
    for file in log.files {
      guard let compressed = file.content as? CompressedByteSource else {
        add(file)
        continue
      }
      // How much a compressed file holds is unknown, unless it is known to be delivered completely.
      let isAtEnd = file.offset > 0 && ((try? compressed.bytes(1, at: file.offset) == nil) ?? false)
      if !isAtEnd || compressed.damage != nil { add(size: (try? compressed.file.status())?.size) }
    }
    for pending in log.pending.values { add(size: FileStatus.of(pending.path)?.size) }
    if log.files.isEmpty, log.pending.isEmpty, log.known.allSatisfy({ $0.path == nil }) {
      trouble = position.isNowhere ? .noFileYet : .gone
    } else if isExact, log.gapCount > 0 || !log.unlocated.isEmpty {
      (trouble, isExact) = (.positionGone, false)
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

  // The length of the range up to its last LF, or all of it if the rest is longer than an event may be.
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
