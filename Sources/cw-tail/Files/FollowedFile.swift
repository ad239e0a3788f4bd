internal import Records
internal import Unix

/// One open file of a log and how far it is read. It holds no lines: an incomplete event is read again when there is more, so that
/// thousands of quiet files need next to no memory.
final class FollowedFile {
  let content: any ByteSource
  /// The first byte that is in no record yet.
  private(set) var offset: Int64 = 0
  /// Since when the path of the log leads to another file (monotonic nanoseconds); nil: it leads to this one. Reading goes on for a while,
  /// because the writer may not have reopened the log yet.
  private(set) var rotatedSince: Int64?
  /// Whether it was read to its end; for a rotated file, since its rotation.
  private(set) var wasAtEnd = false
  /// How many bytes were in no record yet when it was read last.
  private(set) var unreadSize: Int64 = 0
  /// When growth was seen last (monotonic nanoseconds).
  private(set) var lastGrowth: Int64?

  /// The path under which it was seen last, if that is not the log's.
  var path: String?
  /// A copy or a compressed file that rotation made of it, and its size at that time.
  var copy: (file: RotatedFiles.File, size: Int64)?
  /// How often its writer has overwritten it from its start.
  var overwrites = 0
  /// Reports changes while the file is quiet; nil: the file is polled.
  var watch: FileWatch? { didSet { hasMissedChange = false } }
  /// Whether it has changed without an event of `watch`, or before the event came.
  private(set) var hasMissedChange = false

  private var head = Checksum()
  private var headLength = 0
  /// The first bytes, up to 64.
  private(set) var start: [UInt8] = []
  /// The last bytes before `offset`. If the file has others there, it was truncated and has grown again since.
  private var marker: [UInt8] = []
  private var lastChange: FileChange?
  // The time of last modification of what was read.
  private var modified: Int64 = 0
  private var examinedSize: Int64 = -1
  /// How many bytes become records with one position.
  private var stride = 1 << 12
  private var knownSize: Int64 = 0
  private var wasEmptied = false
  /// Set inside an event that is longer than CloudWatch Logs takes.
  private var unfinished: EventAssembler.Unfinished?

  init(_ content: any ByteSource) {
    self.content = content
    noteChange()
  }

  private func noteChange() {
    modified = content.modified
    lastChange = (try? content.status()).flatMap { $0 }.map { FileChange($0) }
  }

  /// Resumes at `position`, which the file must match.
  /// - Throws: `SystemError` if it cannot be read up to there.
  convenience init(_ content: any ByteSource, at position: FilePosition) throws {
    self.init(content)
    try skip(to: position.offset)
    modified = max(modified, position.modified)
  }

  /// Begins to read at `offset`.
  /// - Throws: `SystemError` if it cannot be read up to there.
  convenience init(_ content: any ByteSource, offset: Int64) throws {
    self.init(content)
    try skip(to: offset)
  }

  /// How far it is read.
  var position: FilePosition {
    var tail = Checksum()
    tail.add(marker)
    return FilePosition(
      identity: content.identity, offset: offset, head: head.value, marker: tail.value, modified: modified)
  }

  /// Notes that the path of the log leads to another file since `moment` (monotonic nanoseconds).
  func rotate(since moment: Int64) { (rotatedSince, wasAtEnd) = (moment, false) }

  /// Notes that the path of the log leads to this file again.
  func cameBack() { rotatedSince = nil }

  /// Notes a size that was seen between two readings: a file that is truncated may have grown again before the next one.
  /// - Returns: whether the file was truncated.
  @discardableResult
  func noteSize(_ size: Int64) -> Bool {
    if size < (offset == 0 ? knownSize : offset) { wasEmptied = true }
    knownSize = size
    return wasEmptied
  }

  /// Whether polling is unnecessary, because an event will report a change.
  var isWatched: Bool { rotatedSince == nil && !hasMissedChange && watch?.isSilent == true }

  /// Checks, by a status that was read while the file is watched, that no change went without an event.
  func verifyWatch(_ status: stat) { hasMissedChange = hasMissedChange || !isReadThrough(status) }

  /// Whether it was not written to since `moment`, and no further record can be made of it before it is.
  func isQuiet(_ isMultiLine: Bool, since moment: Int64) -> Bool {
    wasAtEnd && !wasEmptied && unfinished == nil && lastGrowth.map { $0 <= moment } ?? true && !(isMultiLine && unreadSize > 0)
  }

  /// Whether it has any byte; true if that is unknown.
  var hasBytes: Bool { offset > 0 || ((try? content.status()) ?? nil).map { $0.size > 0 } ?? true }

  /// Whether, by this status, nothing was written since it was read to its end.
  func isReadThrough(_ status: stat) -> Bool {
    FileChange(status) == lastChange && (status.size == offset || status.size == examinedSize)
  }

  /// Whether it has no name any more, so that it is lost when it is closed.
  var isDeleted: Bool { ((try? content.status()) ?? nil).map { $0.st_nlink == 0 } ?? false }

  /// Whether it still contains what was read of it. If nothing was read yet, only an unchanged file proves that.
  /// - Throws: `SystemError` on a passing shortage.
  func isAsItWas() throws -> Bool {
    guard let status = try content.status() else { return true }
    if wasEmptied || status.size < offset { return false }
    if FileChange(status) == lastChange { return true }
    return try offset > 0 && content.matches(position)
  }

  /// The result of one call of `read`.
  enum ReadOutcome: Equatable {
    /// There may be more to read at once.
    case more
    /// Everything is read, except perhaps an incomplete event.
    case atEnd
    /// The file was truncated and begins anew.
    case truncated
    /// It has changed before anything was read of it, so earlier lines may have been written and truncated. Returned once for a change.
    case mayHaveBeenEmptied
    /// It is compressed, and nothing was read of it.
    case compressed
    /// Its writer overwrites it from the start without truncating it: new lines are followed by old ones.
    case overwritten
  }

  /// Bytes of memory that `read` needs.
  static let memorySize = EventAssembler.maximumMessageLength + FilePosition.markerLength
  /// Nanoseconds without growth after which an event of several lines is complete.
  static let multiLineTimeout: Int64 = 5_000_000_000

  /// What a file is read by, and where its records go.
  struct Reading {
    let writer: LogRecordWriter
    let source: LogRecordWriter.Source
    let assembler: EventAssembler
    /// Shared by all files, of `memorySize` bytes at least.
    let memory: UnsafeMutableRawBufferPointer
    let blockSize: Int
    /// Whether nothing follows what is in the file now, so that a last line without LF is complete.
    let isLast: Bool
    /// Milliseconds since the epoch.
    let now: Int64
    /// Nanoseconds.
    let monotonic: Int64
    /// Makes the text for records of a position in this file.
    let token: (FilePosition) -> String
  }

  /// Reads one block and writes the records of its complete events.
  /// - Throws: `SystemError` if the file cannot be read, or is damaged.
  func read(_ reading: Reading) throws -> ReadOutcome {
    let status = try content.status()
    let size = status?.size ?? .max
    let change = status.map { FileChange($0) }
    let isUnchanged = change == lastChange
    if status != nil { noteSize(size) }
    if size < offset || wasEmptied { return .truncated }
    if !isUnchanged {
      examinedSize = -1
      lastGrowth = reading.monotonic
      lastChange = change
      if offset == 0 { return .mayHaveBeenEmptied }
      // The bytes before the offset may be equal by chance if lines are alike; the first bytes of the file differ.
      if try content.bytes(start.count, at: 0) != start {
        let isStillThere = try offset > FilePosition.proof && content.bytes(marker.count, at: offset - Int64(marker.count)) == marker
        return isStillThere ? .overwritten : .truncated
      }
    }
    if size == offset, isUnchanged { return atEnd(size) }
    let growth = lastGrowth ?? reading.monotonic
    lastGrowth = growth
    let isQuiet = reading.assembler.isMultiLine && examinedSize == size && reading.monotonic - growth >= Self.multiLineTimeout
    if size == examinedSize, !reading.isLast, !isQuiet { return .atEnd }
    let step = try readBlock(reading, size: size, isQuiet: isQuiet)
    // Its writer has not reopened the log yet.
    if step == .more, wasAtEnd, rotatedSince != nil { rotate(since: reading.monotonic) }
    return step
  }

  /// After `.mayHaveBeenEmptied`: notes that all copies of the file were looked for.
  func copiesAreKnown() { if let lastChange { modified = max(modified, lastChange.milliseconds) } }

  /// After `.truncated`: begins at the start again.
  func beginAnew() {
    (watch, unfinished, wasEmptied) = (nil, nil, false)
    (offset, unreadSize, knownSize, examinedSize) = (0, 0, 0, -1)
    // A copy that rotation made is older than this change.
    noteChange()
    (marker, start, head, headLength) = ([], [], Checksum(), 0)
  }

  private func readBlock(_ reading: Reading, size: Int64, isQuiet: Bool) throws -> ReadOutcome {
    guard let base = reading.memory.baseAddress, reading.memory.count >= Self.memorySize else { return .atEnd }
    var wanted = min(reading.blockSize, EventAssembler.maximumMessageLength)
    while true {
      // One read returns the block and the bytes before it, so that the file cannot be truncated between a check and the reading.
      let found = try content.read(into: base, count: marker.count + wanted, at: offset - Int64(marker.count))
      guard found >= marker.count, marker.elementsEqual(UnsafeRawBufferPointer(start: base, count: marker.count)) else { return .truncated }
      // Only now is it certain that the file was not truncated; a copy of it must not seem to be older than this.
      if let lastChange { modified = max(modified, lastChange.milliseconds) }
      let count = found - marker.count
      guard count > 0 else { return atEnd(offset) }
      let block = UnsafeRawBufferPointer(start: base + marker.count, count: count)
      if offset == 0, content is FileByteSource, Compression(head: Array(block.prefix(Compression.headLength))) != nil {
        return .compressed
      }
      if block[0] == 0, unfinished == nil, skipHole(block) {
        reading.writer.append(reading.source, position: reading.token(position))
        return .more
      }
      let isEnd = count < wanted || offset + Int64(count) >= size
      let isFull = count >= EventAssembler.maximumMessageLength
      // A line that is cut off by damage is not a line.
      let damage = isEnd ? content.damage : nil
      let inputEnd: EventAssembler.InputEnd =
        damage != nil ? .open : isEnd && reading.isLast ? .last : isFull ? .full : isEnd && isQuiet ? .quiet : .open
      if writeInSteps(block, inputEnd, reading) { return .more }
      if let damage { throw damage }
      if isEnd || isFull { return atEnd(offset + Int64(count)) }
      wanted = min(wanted * 8, EventAssembler.maximumMessageLength)
    }
  }

  /// About how many events share a position. Those that are delivered without one are repeated after a kill; a request holds 10,000.
  private static let eventsPerPosition: ClosedRange<Int64> = 125...500
  private static let largestStride = 1 << 15
  /// Limits the share of positions in the output, which are long for a log with many files.
  private static let bytesPerByteOfPosition = 16
  private var tokenLength = 0

  // Writes a block in parts, each of which gets a position. False if there is no complete event.
  private func writeInSteps(_ block: UnsafeRawBufferPointer, _ inputEnd: EventAssembler.InputEnd, _ reading: Reading) -> Bool {
    var start = 0
    var step = stride
    var growth = 0
    while start < block.count {
      let before = reading.writer.count
      let end = min(start + step, block.count)
      let isRest = end == block.count
      // The rest of a full block is shorter than an event may be.
      let isEnding: EventAssembler.InputEnd = isRest ? start > 0 && inputEnd == .full ? .open : inputEnd : .open
      let done = write(block.part(start..<end), isEnding, reading)
      guard done > 0 else {
        if isRest { break }
        // The event is longer than a step. What follows it would come again with it.
        step = (block.firstIndex(of: 0x0A, from: min(end + growth, block.count)) ?? block.count - 1) + 1 - start
        growth = step / 4
        continue
      }
      growth = 0
      start += done
      let events = reading.writer.count - before
      if events > Self.eventsPerPosition.upperBound { stride = max(stride / 2, 1 << 9) }
      if events < Self.eventsPerPosition.lowerBound { stride = min(stride * 2, Self.largestStride) }
      step = max(stride, Self.bytesPerByteOfPosition * tokenLength)
    }
    return start > 0
  }

  // Skips a hole before a line in one step, however large it is.
  private func skipHole(_ block: UnsafeRawBufferPointer) -> Bool {
    guard let file = content as? FileByteSource, let next = file.nextData(from: offset), next > offset + Int64(block.count),
      block.allSatisfy({ $0 == 0 })
    else { return false }
    let zeros = [UInt8](repeating: 0, count: Int(min(next - offset, Int64(FilePosition.headLength))))
    zeros.withUnsafeBytes { advance(over: $0) }
    offset = next
    return true
  }

  private func atEnd(_ size: Int64) -> ReadOutcome {
    examinedSize = size
    unreadSize = size - offset
    wasAtEnd = true
    return .atEnd
  }

  // Writes the records of complete events, the last of which carries the position. Returns how many bytes are consumed.
  private func write(_ block: UnsafeRawBufferPointer, _ inputEnd: EventAssembler.InputEnd, _ reading: Reading) -> Int {
    let (writer, source, now) = (reading.writer, reading.source, reading.now)
    let before = writer.count
    let done = reading.assembler.forEachEvent(in: block, at: offset, inputEnd, unfinished: &unfinished, now: now) { message, timestamp, _ in
      if !message.isEmpty { writer.append(source, timestamp: timestamp, message: message) }
    }
    guard done > 0 else { return 0 }
    advance(over: UnsafeRawBufferPointer(rebasing: block[0..<done]))
    // A later run must not begin inside an event.
    if unfinished == nil {
      let text = reading.token(position)
      tokenLength = min(text.utf8.count, 1 << 14)
      writer.cover(source, position: text, byLastRecord: writer.count > before)
    }
    return done
  }

  private func advance(over bytes: UnsafeRawBufferPointer) {
    if headLength < FilePosition.headLength {
      let part = bytes.prefix(FilePosition.headLength - headLength)
      head.add(UnsafeRawBufferPointer(rebasing: part))
      headLength += part.count
      start += part.prefix(FilePosition.markerLength - start.count)
    }
    offset += Int64(bytes.count)
    marker = Array((marker + bytes.suffix(FilePosition.markerLength)).suffix(FilePosition.markerLength))
  }

  // Advances over bytes that are in records already.
  private func skip(to target: Int64) throws {
    let headBytes = try content.bytes(Int(min(target, Int64(FilePosition.headLength))), at: 0) ?? []
    head.add(headBytes)
    headLength = headBytes.count
    start = Array(headBytes.prefix(FilePosition.markerLength))
    let length = min(target, Int64(FilePosition.markerLength))
    marker = try content.bytes(Int(length), at: target - length) ?? []
    offset = target
  }

  /// After `.overwritten`: goes on at the present end.
  /// - Throws: `SystemError` if the file cannot be read.
  func skipToEnd() throws {
    let size = try content.status()?.size ?? offset
    beginAnew()
    try skip(to: size)
  }
}
