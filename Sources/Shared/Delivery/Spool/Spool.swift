internal import Records
package import Unix

/// Records on the disk between a program's input and a service: what was read survives the program, and is sent by its next run.
///
/// Segments of about 1 MiB to which records are only added, named by their numbers. What is in the spool is what is found in the
/// segments, never what some other file says. A segment is removed when everything in it is acknowledged. Each run begins a segment of
/// its own, so no run writes into what another one wrote.
///
/// A disk that is full, or fails, makes it a queue in memory: what cannot be written is handed out all the same, and no more
/// should be taken (`isFull`) until it is written or acknowledged.
///
/// What must not be sent twice is marked before it is sent (`Spool+SendingOnce.swift`).
package final class Spool: RecordQueue {
  /// What to do when the spool has its size.
  package enum Overflow: String, CaseIterable {
    /// Nothing more is taken, so that what comes before in the pipe waits.
    case block
    /// The oldest segment of which nothing was handed out is removed, and its records are counted.
    case dropOldest = "drop-oldest"
  }

  /// What the spool is for.
  package struct Options {
    /// What a record holds, in messages.
    package var noun = "events"
    package var maximumSize = 64 << 20
    package var overflow = Overflow.block
    /// How many bytes may be taken that cannot be written.
    package var memoryLimit = 0
    /// Whether records must not be sent twice: what a killed run was sending is left out by the next one.
    package var sendsOnce = false
    /// How many of the things that `noun` names are in a record.
    package var items: (UnsafeRawBufferPointer) -> Int = { _ in 1 }

    /// A spool of events, 64 MiB large, that takes no more when it is full.
    package init() {}
  }

  /// A position behind a record: what is acknowledged up to here need not be kept.
  package struct Cursor: Equatable {
    var sequence: Int64
    var offset: Int
    /// Items of this run up to here.
    package internal(set) var ordinal: Int
  }

  /// Records for another destination wait in the spool.
  package struct ForeignRecords: Error {
    package let label: [UInt8]
  }

  /// A segment is ended at this size, in bytes.
  static let segmentSize = 1 << 20
  /// None of ours gets as large, even if a full disk keeps it from being ended.
  static let largestSegment = 1 << 25
  /// How much one turn of a program's loop may add before it looks at `isFull` again: a line of 1 MiB and 128 KiB of lines of
  /// one byte, each with its header.
  static let margin = 3 << 20
  /// The least size that makes sense: the margin, what a sender holds of the oldest segments (some 5 MiB), and as much to drop.
  package static let smallestSize = 16 << 20
  /// A file takes as much of the disk at the least, in bytes.
  private static let block = 4096
  private static let second: Int64 = 1_000_000_000
  /// After a failure to write: a full disk does not become empty at once.
  private static let retryInterval = 5 * second
  private static let warningInterval = 60 * second

  struct Segment {
    let sequence: Int64
    /// The number of its first item that is not acknowledged.
    let firstOrdinal: Int
    /// Where that record lies.
    var start = 0
    var count = 0
    var size = 0
    var isSynchronized = false

    var endOrdinal: Int { firstOrdinal + count }
    var sizeOnDisk: Int { (size + block - 1) / block * block }
  }

  package var directory: String { files.directory }
  /// Items that were dropped for want of room.
  package private(set) var dropped = 0
  /// Items of which the last run could not say whether they were accepted; they are not handed out.
  package let uncertain: Int

  let files: SpoolFiles
  let warn: (String) -> Void
  let options: Options
  private let label: [UInt8]
  private let clock: () -> Int64
  private let lock: StateLock

  // The oldest first; the one being written is the last, if `isWriting`.
  var segments: [Segment]
  var isWriting = false
  private var nextSequence: Int64
  private var total: Int
  private var sizeOfEnded: Int

  /// The end of the segment being written, from `tailStart`: what was added since it was written last, or before that.
  let tail = ByteBuffer(capacity: 1 << 18)
  var tailStart = 0
  private var writtenOfTail = 0
  private var storedOrdinal: Int
  private var descriptor: Int32 = -1
  private var nextAttempt = Int64.min / 2
  private var lastWarning = Int64.min / 2
  private var lastDropWarning = Int64.min / 2
  private var toldDropped = 0

  /// Up to where records were handed out.
  package internal(set) var position: Cursor
  let window = ByteBuffer(capacity: 64)
  var windowStart = 0
  var windowSequence: Int64 = 0
  var acknowledged: Cursor
  /// Up to where records are being sent that must not be sent twice; nil: none are.
  var sending: Cursor?

  var hint: Int32?
  var isHintWritten = true
  var isHintSynchronized = true
  private var isDirectorySynchronized = true
  private var lastSynchronization = Int64.min / 2

  /// Opens the spool, or makes it.
  /// - Parameters:
  ///   - label: where the records go; records with another label are not taken over.
  ///   - clock: monotonic, in nanoseconds.
  ///   - warn: called with a sentence on what went wrong without ending anything.
  /// - Throws: `ForeignRecords`; `CommandError` if another process has the spool, or a newer version wrote it; `SystemError` if the
  ///   directory cannot be used.
  package init(
    directory path: String, label: [UInt8], _ options: Options, clock: @escaping () -> Int64 = Clock.monotonicNanoseconds,
    warn: @escaping (String) -> Void
  ) throws {
    let directory = StateDirectory(path)
    try directory.create()
    lock = try StateLock(directory)
    if case .held(let other) = try lock.take(.spool) {
      throw CommandError(.tryAgain, "\(path) is in use by process \(other); end it, or give another --spool")
    }
    files = SpoolFiles(directory: path)
    (self.label, self.options, self.clock, self.warn) = (label, options, clock, warn)
    let inventory = try SpoolInventory(files, label: label, options, warn: warn)
    uncertain = inventory.uncertain
    (segments, nextSequence, total) = (inventory.segments, inventory.nextSequence, inventory.count)
    storedOrdinal = total
    sizeOfEnded = segments.reduce(0) { $0 + $1.sizeOnDisk }
    position = Cursor(sequence: segments.first?.sequence ?? 0, offset: segments.first?.start ?? 0, ordinal: 0)
    acknowledged = position
    if options.sendsOnce { try forgetMark(nextSequence: inventory.nextSequence) }
  }

  deinit {
    for open in [descriptor, hint ?? -1] where open >= 0 { Unix.close(open) }
  }

  /// Whether no more should be taken now.
  package var isFull: Bool { unwritten > options.memoryLimit || isLarge }

  private var isLarge: Bool { sizeOfEnded + (isWriting ? segments.last?.sizeOnDisk ?? 0 : 0) + Self.margin > options.maximumSize }

  /// Items that are neither acknowledged nor dropped.
  package var waiting: Int { segments.reduce(0) { $0 + max(0, $1.endOrdinal - max($1.firstOrdinal, acknowledged.ordinal)) } }

  /// Those of them that only this process holds, since they could not be written.
  package var unstored: Int { max(0, total - max(storedOrdinal, acknowledged.ordinal)) }

  // MARK: - taking

  /// Takes a record, which `write` appends to the buffer. It is stored by the next `flush`.
  /// - Returns: false if it is longer than 16 MiB; nothing was taken then.
  @discardableResult
  package func append(_ write: (ByteBuffer) -> Void) -> Bool {
    prepare()
    let start = beginRecord()
    write(tail)
    guard tail.count - start - SpoolRecord.headerLength <= SpoolRecord.maximumPayload else {
      tail.truncate(to: start)
      return false
    }
    let items = options.items(tail.bytes.part(start + SpoolRecord.headerLength..<tail.count))
    endRecord(from: start, .data)
    total += items
    segments[segments.count - 1].count += items
    return true
  }

  // Makes sure that there is a segment to add to. What of the tail is written can be read from the file.
  private func prepare() {
    if isWriting, tailStart + tail.count >= Self.segmentSize {
      flush()
      if unwritten == 0 { endSegment() }
    }
    if isWriting {
      guard unwritten == 0, !tail.isEmpty else { return }
      tailStart += tail.count
      forgetTail()
    } else {
      isWriting = true
      segments.append(Segment(sequence: nextSequence, firstOrdinal: total))
      nextSequence += 1
      let start = beginRecord()
      tail.append(byte: SpoolInventory.version)
      tail.append(label)
      endRecord(from: start, .label)
    }
  }

  private func beginRecord() -> Int {
    _ = tail.reserve(SpoolRecord.headerLength)
    tail.advance(SpoolRecord.headerLength)
    return tail.count - SpoolRecord.headerLength
  }

  private func endRecord(from start: Int, _ kind: SpoolRecord.Kind) {
    let last = segments.count - 1
    SpoolRecord.seal(tail, from: start, kind: kind, .init(segment: segments[last].sequence, start: tailStart))
    segments[last].size = tailStart + tail.count
  }

  private func forgetTail() {
    tail.removeAll()
    tail.shrink(to: 1 << 19)
    writtenOfTail = 0
  }

  func endSegment() {
    if let last = segments.last { sizeOfEnded += last.sizeOnDisk }
    if descriptor >= 0 { Unix.close(descriptor) }
    descriptor = -1
    isWriting = false
    tailStart = 0
    forgetTail()
  }

  var unwritten: Int { tail.count - writtenOfTail }

  /// Writes what was taken into its segment: from then on a killed process does not lose it.
  package func flush() {
    guard unwritten > 0, let last = segments.last, clock() >= nextAttempt else { return }
    do {
      if descriptor < 0 {
        descriptor = try files.create(last.sequence)
        isDirectorySynchronized = false
      }
      try Descriptor.writeAll(
        descriptor, tail.bytes.part(writtenOfTail..<tail.count), at: tailStart + writtenOfTail, name: files.segment(last.sequence))
      writtenOfTail = tail.count
      storedOrdinal = total
      segments[segments.count - 1].isSynchronized = false
    } catch {
      nextAttempt = clock() + Self.retryInterval
      report(error)
    }
    if options.overflow == .dropOldest {
      makeRoom()
      if clock() - lastDropWarning >= Self.warningInterval { tellDropped() }
    }
  }

  private func report(_ error: any Error) {
    guard clock() - lastWarning >= Self.warningInterval else { return }
    lastWarning = clock()
    let reason = (error as? any Failure)?.message ?? "\(error)"
    let consequence =
      options.memoryLimit > 0 ? "\(options.noun) are kept in memory" : "no more is read until what is held is stored or delivered"
    warn("the spool cannot grow: \(reason); \(consequence)")
  }

  // What was handed out is on its way and stays.
  private func makeRoom() {
    let isIdle = position == acknowledged
    while isLarge, let index = segments.firstIndex(where: { isIdle || $0.sequence > position.sequence }),
      index < segments.count - (isWriting ? 1 : 0)
    {
      let segment = segments.remove(at: index)
      remove(segment)
      dropped += max(0, segment.endOrdinal - max(segment.firstOrdinal, acknowledged.ordinal))
      if isIdle { forgetWindow() }
    }
  }

  private func tellDropped() {
    guard dropped > toldDropped else { return }
    lastDropWarning = clock()
    warn("\(files.directory) is full; \(dropped - toldDropped) of the oldest \(options.noun) were dropped")
    toldDropped = dropped
  }

  private func remove(_ segment: Segment) {
    files.remove(segment.sequence)
    sizeOfEnded -= segment.sizeOnDisk
    isDirectorySynchronized = false
    // There is room again.
    nextAttempt = .min / 2
  }

  // MARK: - acknowledging

  /// Everything before the position has ended: it was accepted, or refused for good.
  package func acknowledge(upTo position: Cursor) {
    guard position.ordinal > acknowledged.ordinal || position.sequence > acknowledged.sequence else { return }
    acknowledged = position
    sending = nil
    while let first = segments.first, first.endOrdinal <= acknowledged.ordinal, !(isWriting && segments.count == 1) {
      segments.removeFirst()
      remove(first)
    }
    if isWriting, unwritten > 0, acknowledged.ordinal == total { abandonSegment() }
    isHintWritten = acknowledged.sequence == 0
  }

  // Nothing in it is of use any more, and it could not be written to.
  private func abandonSegment() {
    let segment = segments.removeLast()
    endSegment()
    files.remove(segment.sequence)
    sizeOfEnded = segments.reduce(0) { $0 + $1.sizeOnDisk }
    isDirectorySynchronized = false
    nextAttempt = .min / 2
  }

  /// Writes down what is acknowledged. Only a hint: without it records come again.
  package func writeHint() {
    guard !isHintWritten else { return }
    isHintWritten = true
    hint = hint ?? files.openHint()
    guard let hint else { return }
    try? files.write(.init(acknowledged: acknowledged.place, sending: sending?.place), to: hint)
    isHintSynchronized = false
  }

  // MARK: - the disk

  /// Writes down what is acknowledged, and brings to the disk what has waited for a second. `now` is monotonic, in nanoseconds.
  package func turn(now: Int64) {
    flush()
    // Larger than it may be from the beginning, after a change of the size.
    if options.overflow == .dropOldest { makeRoom() }
    writeHint()
    guard needsSynchronizing, now - lastSynchronization >= Self.second else { return }
    lastSynchronization = now
    synchronize()
  }

  /// When `turn` has something to do next.
  package var nextDue: Int64? {
    if unwritten > 0 { return nextAttempt }
    return needsSynchronizing ? lastSynchronization + Self.second : nil
  }

  private var needsSynchronizing: Bool {
    !isHintSynchronized || !isDirectorySynchronized || segments.last.map(wantsDisk) == true
  }

  private func wantsDisk(_ segment: Segment) -> Bool { !segment.isSynchronized && segment.endOrdinal > acknowledged.ordinal }

  private func synchronize() {
    for index in segments.indices where wantsDisk(segments[index]) && segments[index].firstOrdinal < storedOrdinal {
      // Trying again in a second would not help; the failing write that follows says so.
      segments[index].isSynchronized = true
      do { try files.synchronize(segments[index].sequence) } catch { report(error) }
    }
    if !isDirectorySynchronized { files.synchronizeDirectory() }
    if !isHintSynchronized, let hint { _ = fsync(hint) }
    (isDirectorySynchronized, isHintSynchronized) = (true, true)
  }

  /// Leaves on the disk what waits; if nothing does, no file stays.
  package func close() {
    nextAttempt = .min / 2
    lastWarning = .min / 2
    flush()
    tellDropped()
    if waiting == 0 {
      if isWriting { endSegment() }
      segments.forEach(remove)
      segments = []
      // Last: as long as there are segments, their numbers must not be used again.
      if options.sendsOnce { writeHint() } else { files.removeHint() }
    } else {
      writeHint()
    }
    synchronize()
  }
}
