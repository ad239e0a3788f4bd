internal import Records
internal import Unix

/// One generation of a log and how far it is read. It holds no lines: what is not a whole event yet is read again when there
/// is more, so that a thousand quiet files cost a thousand numbers.
final class FollowedFile {
  let content: any ByteSource
  /// Where the first byte stands that is in no record yet.
  private(set) var offset: Int64 = 0
  /// The path leads to another file now, since this moment (monotonic nanoseconds). The old one is read on for a while,
  /// because its writer may not know yet.
  private(set) var rotatedSince: Int64?
  /// It was read to its end once, of a rotated file since then.
  private(set) var wasAtEnd = false
  /// As of the last look: how much is there that is in no record yet.
  private(set) var unreadSize: Int64 = 0
  /// When it had more the last time (monotonic nanoseconds).
  private(set) var lastGrowth: Int64?

  /// Under which name it was seen last, if that is not the log's.
  var path: String?
  /// What somebody has made of it when it was so long: a compressed file, or a copy.
  var copy: (file: RotatedFiles.File, size: Int64)?
  /// How often somebody wrote over it.
  var overwrites = 0
  /// Tells of changes, while it is quiet; nil: it is asked.
  var watch: FileWatch? { didSet { isDoubted = false } }
  /// It has changed, and that was not told, or not yet.
  private(set) var isDoubted = false

  private var head = Checksum()
  private var headLength = 0
  /// The first bytes.
  private(set) var start: [UInt8] = []
  /// The last bytes before `offset`. If others stand there, the file was emptied and has grown again since.
  private var marker: [UInt8] = []
  private var lastChange: FileChange?
  // As of the last reading.
  private var modified: Int64 = 0
  private var examinedSize: Int64 = -1
  /// How many bytes at a time become records with one position.
  private var stride = 1 << 12
  private var knownSize: Int64 = 0
  private var wasEmptied = false
  /// Inside an event that is longer than one may be.
  private var unfinished: EventAssembler.Unfinished?

  init(_ content: any ByteSource) {
    self.content = content
    noteChange()
  }

  private func noteChange() {
    modified = content.modified
    lastChange = (try? content.status()).flatMap { $0 }.map { FileChange($0) }
  }

  /// Goes on behind `position`, which the content must match.
  /// - Throws: `SystemError` if it cannot be read up to there.
  convenience init(_ content: any ByteSource, at position: FilePosition) throws {
    self.init(content)
    try skip(to: position.offset)
    modified = max(modified, position.modified)
  }

  /// Begins at `offset`.
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

  /// The path leads to another file since this moment (monotonic nanoseconds).
  func rotate(since moment: Int64) { (rotatedSince, wasAtEnd) = (moment, false) }

  /// Its path leads to it again.
  func cameBack() { rotatedSince = nil }

  /// Somebody has looked at it. A file that is emptied may have grown again before it is read.
  /// - Returns: whether it was emptied.
  @discardableResult
  func noteSize(_ size: Int64) -> Bool {
    if size < (offset == 0 ? knownSize : offset) { wasEmptied = true }
    knownSize = size
    return wasEmptied
  }

  /// Whether it need not be asked, because a change will be told.
  var isWatched: Bool { rotatedSince == nil && !isDoubted && watch?.isSilent == true }

  /// Somebody has looked at it, and a change of it would have been told.
  func doubtWatch(_ status: stat) { isDoubted = isDoubted || !isReadThrough(status) }

  /// Whether all of it is in records that is going to be, as long as nobody writes to it, and nobody has for a while.
  func isQuiet(_ isMultiLine: Bool, since moment: Int64) -> Bool {
    wasAtEnd && !wasEmptied && unfinished == nil && lastGrowth.map { $0 <= moment } ?? true && !(isMultiLine && unreadSize > 0)
  }

  /// Whether there is a byte in it.
  var hasBytes: Bool { offset > 0 || ((try? content.status()) ?? nil).map { $0.size > 0 } ?? true }

  /// Whether nothing was written since it was read to its end.
  func isReadThrough(_ status: stat) -> Bool {
    FileChange(status) == lastChange && (status.size == offset || status.size == examinedSize)
  }

  /// Whether its last name is gone, so that nothing holds it but we do.
  var isDeleted: Bool { ((try? content.status()) ?? nil).map { $0.st_nlink == 0 } ?? false }

  /// Whether what was read of it is still there. A file of which nothing was read tells that only as long as it does not change.
  /// - Throws: `SystemError` if something ran short.
  func isAsItWas() throws -> Bool {
    guard let status = try content.status() else { return true }
    if wasEmptied || status.size < offset { return false }
    if FileChange(status) == lastChange { return true }
    return try offset > 0 && content.matches(position)
  }

  /// What one step of reading found.
  enum ReadOutcome: Equatable {
    /// There may be more at once.
    case more
    /// Everything that is there is read, but perhaps for an event that is not whole.
    case atEnd
    /// Somebody has emptied it, and it begins anew.
    case truncated
    /// Nothing was read of it yet and it was written to: nothing tells whether what came first was taken away again. Said once.
    case mayHaveBeenEmptied
    /// It is no text, and nothing was read of it.
    case compressed
    /// Somebody writes over it from its start, and has not emptied it: new lines stand in front of old ones.
    case overwritten
  }

  /// What `read` needs.
  static let memorySize = EventAssembler.maximumMessageLength + FilePosition.markerLength
  /// An event of several lines ends when nothing comes for so long, in nanoseconds.
  static let patienceWithEvent: Int64 = 5_000_000_000

  /// Reads one block and writes the records of its whole events.
  /// - Parameters:
  ///   - memory: shared by all files, of `memorySize` bytes at least.
  ///   - isLast: nothing will come after what is there now, so a last line without LF is a line.
  ///   - now: milliseconds since the epoch; `monotonic` in nanoseconds.
  ///   - token: what a position of this file is in records.
  func read(
    into writer: LogRecordWriter, as source: LogRecordWriter.Source, assembler: EventAssembler, memory: UnsafeMutableRawBufferPointer,
    blockSize: Int, isLast: Bool, now: Int64, monotonic: Int64, token: (FilePosition) -> String
  ) throws -> ReadOutcome {
    let status = try content.status()
    let size = status?.size ?? .max
    let change = status.map { FileChange($0) }
    let isUnchanged = change == lastChange
    if status != nil { noteSize(size) }
    if size < offset || wasEmptied { return .truncated }
    if !isUnchanged {
      examinedSize = -1
      lastGrowth = monotonic
      lastChange = change
      if offset == 0 { return .mayHaveBeenEmptied }
      // Lines of one length may have the same bytes before the offset; their beginnings tell.
      if try content.bytes(start.count, at: 0) != start {
        let isStillThere = try offset > FilePosition.proof && content.bytes(marker.count, at: offset - Int64(marker.count)) == marker
        return isStillThere ? .overwritten : .truncated
      }
    }
    if size == offset, isUnchanged { return atEnd(size) }
    let growth = lastGrowth ?? monotonic
    lastGrowth = growth
    let isQuiet = assembler.isMultiLine && examinedSize == size && monotonic - growth >= Self.patienceWithEvent
    if size == examinedSize, !isLast, !isQuiet { return .atEnd }
    let step = try readBlock(
      into: writer, as: source, assembler: assembler, memory: memory, blockSize: blockSize, size: size, isLast: isLast, isQuiet: isQuiet,
      now: now, token: token)
    // Its writer has not noticed yet.
    if step == .more, wasAtEnd, rotatedSince != nil { rotate(since: monotonic) }
    return step
  }

  /// After `.mayHaveBeenEmptied`: all copies of it that there are, are read.
  func copiesAreKnown() { if let lastChange { modified = max(modified, lastChange.milliseconds) } }

  /// After `.truncated`: begins at the start.
  func beginAnew() {
    watch = nil
    offset = 0
    unreadSize = 0
    knownSize = 0
    wasEmptied = false
    unfinished = nil
    examinedSize = -1
    // The copy was made before.
    noteChange()
    marker = []
    start = []
    head = Checksum()
    headLength = 0
  }

  private func readBlock(
    into writer: LogRecordWriter, as source: LogRecordWriter.Source, assembler: EventAssembler, memory: UnsafeMutableRawBufferPointer,
    blockSize: Int, size: Int64, isLast: Bool, isQuiet: Bool, now: Int64, token: (FilePosition) -> String
  ) throws -> ReadOutcome {
    guard let base = memory.baseAddress, memory.count >= Self.memorySize else { return .atEnd }
    var wanted = min(blockSize, EventAssembler.maximumMessageLength)
    while true {
      // In one read with the bytes before, so that nobody can empty the file in between.
      let found = try content.read(into: base, count: marker.count + wanted, at: offset - Int64(marker.count))
      guard found >= marker.count, marker.elementsEqual(UnsafeRawBufferPointer(start: base, count: marker.count)) else { return .truncated }
      // Not before it is sure that this is the file still: a copy of it must not seem older.
      if let lastChange { modified = max(modified, lastChange.milliseconds) }
      let count = found - marker.count
      guard count > 0 else { return atEnd(offset) }
      let block = UnsafeRawBufferPointer(start: base + marker.count, count: count)
      if offset == 0, content is FileByteSource, Compression(head: Array(block.prefix(Compression.headLength))) != nil {
        return .compressed
      }
      if block[0] == 0, unfinished == nil, skipHole(block) {
        writer.append(source, position: token(position))
        return .more
      }
      let isEnd = count < wanted || offset + Int64(count) >= size
      let isFull = count >= EventAssembler.maximumMessageLength
      // What there is of a line that is cut off by damage is no line.
      let damage = isEnd ? content.damage : nil
      let inputEnd: EventAssembler.InputEnd =
        damage != nil ? .open : isEnd && isLast ? .last : isFull ? .full : isEnd && isQuiet ? .quiet : .open
      if writeInSteps(block, inputEnd, to: writer, as: source, assembler: assembler, now: now, token: token) { return .more }
      if let damage { throw damage }
      if isEnd || isFull { return atEnd(offset + Int64(count)) }
      wanted = min(wanted * 8, EventAssembler.maximumMessageLength)
    }
  }

  /// So many events, about, have one position. What is delivered and not covered comes again after a kill, and a request holds 10,000.
  private static let eventsPerPosition: ClosedRange<Int64> = 125...500
  private static let largestStride = 1 << 15
  /// So that the positions of a log with many files do not cost more than its lines.
  private static let bytesPerByteOfPosition = 16
  private var tokenLength = 0

  // A position every so often. False if there is no whole event.
  private func writeInSteps(
    _ block: UnsafeRawBufferPointer, _ inputEnd: EventAssembler.InputEnd, to writer: LogRecordWriter, as source: LogRecordWriter.Source,
    assembler: EventAssembler, now: Int64, token: (FilePosition) -> String
  ) -> Bool {
    var start = 0
    var step = stride
    while start < block.count {
      let before = writer.count
      let end = min(start + step, block.count)
      let isRest = end == block.count
      // What is left of a full block is not full.
      let isEnding: EventAssembler.InputEnd = isRest ? start > 0 && inputEnd == .full ? .open : inputEnd : .open
      let done = write(block.part(start..<end), isEnding, to: writer, as: source, assembler: assembler, now: now, token: token)
      guard done > 0 else {
        if isRest { break }
        // An event that is longer than a step.
        step *= 2
        continue
      }
      start += done
      let events = writer.count - before
      if events > Self.eventsPerPosition.upperBound { stride = max(stride / 2, 1 << 9) }
      if events < Self.eventsPerPosition.lowerBound { stride = min(stride * 2, Self.largestStride) }
      step = max(stride, Self.bytesPerByteOfPosition * tokenLength)
    }
    return start > 0
  }

  // NULs that nobody has written, in front of a line, cost nothing, however many there are.
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

  // Writes the records of whole events, of which the last one carries the position. Returns how many bytes are done with.
  private func write(
    _ block: UnsafeRawBufferPointer, _ inputEnd: EventAssembler.InputEnd, to writer: LogRecordWriter, as source: LogRecordWriter.Source,
    assembler: EventAssembler, now: Int64, token: (FilePosition) -> String
  ) -> Int {
    let before = writer.count
    let done = assembler.forEachEvent(in: block, at: offset, inputEnd, unfinished: &unfinished, now: now) { message, timestamp, _ in
      if !message.isEmpty { writer.append(source, timestamp: timestamp, message: message) }
    }
    guard done > 0 else { return 0 }
    advance(over: UnsafeRawBufferPointer(rebasing: block[0..<done]))
    // Inside an event no later run must begin.
    if unfinished == nil {
      let text = token(position)
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

  // The same over bytes that are in records already.
  private func skip(to target: Int64) throws {
    let headBytes = try content.bytes(Int(min(target, Int64(FilePosition.headLength))), at: 0) ?? []
    head.add(headBytes)
    headLength = headBytes.count
    start = Array(headBytes.prefix(FilePosition.markerLength))
    let length = min(target, Int64(FilePosition.markerLength))
    marker = try content.bytes(Int(length), at: target - length) ?? []
    offset = target
  }

  /// Goes on behind the present last byte, after `.overwritten`.
  func skipToEnd() throws {
    let size = try content.status()?.size ?? offset
    beginAnew()
    try skip(to: size)
  }
}
