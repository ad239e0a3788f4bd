internal import Config
internal import Records
internal import Unix

/// The systemd journal as a source of records, read through `journalctl`; `Journal+Phases` has the order in which it is read.
///
/// Between calls of `read`, `journalctl` blocks on its full pipe.
final class Journal {
  /// Where reading begins without a position: at the start of the present boot, as in the original publisher, or at the end.
  /// Earlier boots are read only from a position on: to enable the journal is not to ask for a year of old logs.
  enum Start { case start, end }

  /// Whether nothing follows: the catch-up of `once` has ended, or there is no journal.
  private(set) var isOver = false

  /// The `source` of its records.
  let name: String
  private let source: LogRecordWriter.Source
  let selection: JournalSelection
  let start: Start
  let once: Bool
  private let program: String
  let root: String
  let onTrouble: (String) -> Void
  private let ownUnit: JournalUnit?
  let startTime = Clock.realtimeMilliseconds() * 1000
  /// The value of `_BOOT_ID`; nil if the system does not tell.
  let presentBoot: String?

  var phase = Phase.lookingAtNewest
  private var child: ChildProcess?
  private var reader: LineReader?
  private var due: Int64 = 0  // when a child is started next, monotonic nanoseconds
  private var failures = 0  // in a row
  private var hasRun = false
  var isExamined = false
  var isAwaited = false  // that the namespace has no journal yet is reported

  let cursor = ByteBuffer()  // of the last entry; empty: only its time is known
  private(set) var time: Int64?  // of the last entry, microseconds; nil: nothing is known
  private var hasMoved = false  // since a position was written
  private var isFirst = true  // the next line is the first of its child
  private var isInsideLongLine = false
  var isLost = false  // the entry at the cursor is gone, and no gap record says so yet

  /// The phase that follows once the entry at the cursor is found.
  var next = Phase.lookingAtNewest
  /// The journal files when that entry was found; nil: it has to be searched for.
  var checkedStamp: JournalStorage.Stamp?
  private var isOpened = false  // the child has opened its files, and `checkedStamp` was true then
  /// The newest entry of the present boot when catching up began: the files of this child hold all up to it.
  var newest: (cursor: String, time: Int64, monotonicTime: Int64)?
  /// The `journalctl --follow` that ran when files came or went, until the entry at the cursor is found: it may be the only process that
  /// still has the following entries, in files that are deleted.
  private var lastFollower: (child: ChildProcess, reader: LineReader, isFirst: Bool, isInsideLongLine: Bool)?
  /// The monotonic time up to which the entries of `lastFollower` are taken; nil: it is not being drained.
  private(set) var drainsUpTo: Int64?
  /// Earlier boots that were read to their ends in this run.
  var finishedBoots: Set<String> = []
  /// All boots were read in the order of `journalctl`: the present one goes on from there, not from its start.
  var isInJournalOrder = false

  private let text = ByteBuffer(capacity: 1 << 14)
  private var hasWritten = false  // in this call of `read`
  private var eventsWithoutPosition = 0
  private var stamp = JournalStamp()

  /// The approximate limits of one call of `read`.
  private static let maximumBytesPerRead = 1 << 16
  private static let maximumLinesPerRead = 4096
  private static let maximumEventsWithoutPosition = 255
  /// With `once`, the end must come in reasonable time.
  private static let maximumFailuresOnce = 3

  /// - Parameters:
  ///   - position: from the last record that is delivered.
  ///   - once: whether reading ends at the present end.
  ///   - root: what `/` is, for `/proc` and the journal's folders.
  ///   - onTrouble: called with a sentence that says what is wrong and what to do.
  init(
    _ selection: JournalSelection, start: Start, position: String?, once: Bool, program: String = "journalctl", root: String = "",
    onTrouble: @escaping (String) -> Void
  ) {
    name = selection.source
    source = LogRecordWriter.Source(name)
    self.selection = selection
    self.start = start
    self.once = once
    self.program = program
    self.root = root
    self.onTrouble = onTrouble
    ownUnit = Self.text("\(root)/proc/self/cgroup").flatMap { JournalUnit(cgroup: $0) }
    presentBoot = Self.text("\(root)/proc/sys/kernel/random/boot_id").map { String($0.filter { $0 != "-" && $0 != "\n" }) }
    guard let position else { return }
    if let position = JournalPosition(token: position) {
      cursor.append(position.cursor)
      time = position.time
    } else {
      isLost = true
      onTrouble("the stored position of the journal means nothing to this version; the journal is read from the start of this boot")
    }
  }

  private static func text(_ path: String) -> String? { (try? TextFile.read(path)).map { String(decoding: $0, as: UTF8.self) } }

  /// The descriptor to poll for reading; nil while there is no child.
  var descriptor: Int32? { child?.output }

  /// Writes records of the entries that are available, without waiting for more. The last of them has the position.
  /// - Returns: whether there may be more at once.
  /// - Throws: `SystemError` if the pipe cannot be read.
  func read(into writer: LogRecordWriter) throws -> Bool {
    defer { finishRead(writer) }
    let limit = writer.buffer.count + Self.maximumBytesPerRead
    var lines = 0
    while !isOver {
      if child == nil {
        guard Clock.monotonicNanoseconds() >= due else { return false }
        begin()
      }
      guard let reader else { return false }
      guard writer.buffer.count < limit, lines < Self.maximumLinesPerRead else { return true }
      if let line = reader.next() {
        lines += 1
        take(line, writer)
        continue
      }
      let result = try reader.fill()
      if !isOpened || phase == .following, isStale() { continue }
      switch result {
      case .bytes: isOpened = true
      case .wouldBlock where drainsUpTo != nil && lines == 0: endDraining()
      case .wouldBlock: return false
      // A line without its LF is half an entry.
      case .end: childEnded(writer)
      }
    }
    return false
  }

  // MARK: - children

  /// Starts `journalctl` for a phase, which becomes the present one.
  func run(_ next: Phase) {
    stopChild()
    if next != .checkingCursor { lastFollower = nil }
    phase = next
    isFirst = true
    isInsideLongLine = false
    isOpened = next == .checkingCursor || next == .checkingJournal
    do {
      let child = try ChildProcess([program] + arguments(next))
      _ = fcntl(child.output, F_SETFL, fcntl(child.output, F_GETFL) | O_NONBLOCK)
      reader = LineReader(descriptor: child.output, maximumLength: LogRecord.maximumLineLength)
      self.child = child
      hasRun = true
    } catch {
      let reason = (error as? SystemError)?.description ?? "\(error)"
      // Later, journalctl may be missing for a moment while it is upgraded.
      if !hasRun, (error as? SystemError)?.code == ENOENT {
        end("no journal here (\(reason)); it is not followed")
      } else {
        tryLater(reason)
      }
    }
  }

  private func stopChild() {
    reader = nil
    child = nil
    drainsUpTo = nil
  }

  /// Keeps the running `journalctl --follow` until the entry at the cursor is found.
  func setFollowerAside() {
    guard let child, let reader else { return }
    lastFollower = (child, reader, isFirst, isInsideLongLine)
  }

  /// Reads what `lastFollower` still has, up to the first entry that the other files have as well.
  /// - Returns: false if there is no such process.
  func drainFollower(upTo monotonicTime: Int64) -> Bool {
    guard let lastFollower else { return false }
    stopChild()
    (child, reader, isFirst, isInsideLongLine) = lastFollower
    (phase, isOpened, drainsUpTo) = (.following, true, monotonicTime)
    self.lastFollower = nil
    return true
  }

  func endDraining() {
    drainsUpTo = nil
    reportLost()
    begin()
  }

  private func childEnded(_ writer: LogRecordWriter) {
    // It has closed its output, so it exits soon.
    let ending = child?.wait(until: Clock.monotonicNanoseconds() + 1_000_000_000)
    switch ending {
    case .exited(0) where phase != .following: finished(writer)
    // Either the cursor is invalid, or nothing can be read at all.
    case .exited where phase == .checkingCursor: run(.checkingJournal)
    case .exited(let status): tryLater("journalctl ended with exit status \(status)")
    case .killed(let signal): tryLater("journalctl was ended by signal \(signal)")
    case nil: tryLater("journalctl closed its output")
    }
  }

  /// Begins again a little later.
  func tryLater(_ reason: String) {
    if drainsUpTo != nil { reportLost() }
    lastFollower = nil
    stopChild()
    checkedStamp = nil
    failures += 1
    if once, failures > Self.maximumFailuresOnce { return end("\(reason); the rest of the journal is read by the next run") }
    if failures == 1 { onTrouble("\(reason); it is started again and goes on where it stopped") }
    due = Clock.monotonicNanoseconds() + Self.delay(failures)
  }

  /// Delays the next start of `journalctl`.
  func wait(seconds: Int64) { due = Clock.monotonicNanoseconds() + seconds * 1_000_000_000 }

  /// 1, 2, 4 ... 60 seconds, in nanoseconds.
  static func delay(_ failures: Int) -> Int64 { min(60, 1 << Int64(min(max(failures - 1, 0), 6))) * 1_000_000_000 }

  func end(_ trouble: String?) {
    stopChild()
    isOver = true
    if let trouble { onTrouble(trouble) }
  }

  // MARK: - lines

  private func take(_ line: LineReader.Line, _ writer: LogRecordWriter) {
    let continues = isInsideLongLine
    if case .cut = line.terminator { isInsideLongLine = true } else { isInsideLongLine = false }
    if continues { return }
    guard !isInsideLongLine else { return skip("an entry of more than \(LogRecord.maximumLineLength) bytes as JSON", writer) }
    guard let entry = JournalEntry(line.bytes) else { return skip("a line of journalctl that is no entry", writer) }
    handle(entry, writer)
  }

  /// Makes an event of a selected entry.
  func take(_ entry: JournalEntry, _ writer: LogRecordWriter) {
    if isFirst {
      isFirst = false
      if entry.cursor.equals(cursor.bytes) { return }
    }
    failures = 0
    let timestamp = entry.time / 1000
    if isLost { appendGap(writer, timestamp: timestamp) }
    setPosition(cursor: entry.cursor, time: entry.time)
    if let ownUnit, ownUnit.wrote(entry) { return }
    text.removeAll()
    text.shrink(to: 1 << 17)
    if entry.appendText(to: text, &stamp) {
      appendEvent(writer, timestamp, entry.clock(now: Clock.reading(), awake: Clock.awakeMilliseconds()))
    }
  }

  func setPosition(cursor new: UnsafeRawBufferPointer?, time newTime: Int64) {
    cursor.removeAll()
    if let new { cursor.append(new) }
    time = newTime
    hasMoved = true
  }

  func forgetCursor() {
    cursor.removeAll()
    time = time.map { max($0 - 1_000_000, 0) }
  }

  // MARK: - gaps

  func reportLost() {
    guard !isLost else { return }
    isLost = true
    onTrouble("\(gapText); see SystemMaxUse in journald.conf(5)")
  }

  private var gapText: String {
    guard let time else { return "\(name): it is not known where it was left" }
    return
      "\(name): the entry at which it was left (\(DateTime(milliseconds: time / 1000).date) \(DateTime(milliseconds: time / 1000).time) UTC) is gone; what followed may be lost"
  }

  func appendGap(_ writer: LogRecordWriter, timestamp: Int64) {
    isLost = false
    append(gapText, writer, timestamp)
  }

  // Reports an entry that is left out as a gap in its place. Its cursor is unknown, so the next entry's position covers it.
  private func skip(_ what: String, _ writer: LogRecordWriter) {
    let sentence = "\(name): \(what) is left out"
    append(sentence, writer, time.map { $0 / 1000 } ?? Clock.realtimeMilliseconds())
    onTrouble(sentence)
  }

  private func append(_ sentence: String, _ writer: LogRecordWriter, _ timestamp: Int64) {
    writer.append(source, gap: "cw-tail: \(sentence)", timestamp: timestamp)
    hasWritten = true
  }

  // MARK: - records

  private func finishRead(_ writer: LogRecordWriter) {
    if hasMoved, let position { writer.cover(source, position: position.token, byLastRecord: hasWritten) }
    hasMoved = false
    hasWritten = false
  }

  /// How far the journal is read; nil: unknown.
  var position: JournalPosition? { time.map { JournalPosition(cursor: cursor.text, time: $0) } }

  // Splits a long text into several events, the last of which may have the position.
  private func appendEvent(_ writer: LogRecordWriter, _ timestamp: Int64, _ clock: RecordClock?) {
    var rest = text.bytes
    while case let end = UTF8Scalar.cut(rest, limit: EventAssembler.maximumMessageLength), end < rest.count {
      writer.append(source, timestamp: timestamp, clock: clock, message: rest.part(0..<end))
      rest = rest.part(end..<rest.count)
    }
    eventsWithoutPosition += 1
    let wantsPosition = eventsWithoutPosition > Self.maximumEventsWithoutPosition
    writer.append(source, position: wantsPosition ? position?.token : nil, timestamp: timestamp, clock: clock, message: rest)
    if wantsPosition { eventsWithoutPosition = 0 }
    hasMoved = !wantsPosition
    // A record has at most one position.
    hasWritten = !wantsPosition
  }
}
