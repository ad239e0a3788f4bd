internal import Records
internal import Unix

/// The systemd journal as a source of records, read through `journalctl`; `Journal+Steps` has the order in which it is read.
///
/// While nobody calls `read`, `journalctl` waits at its full pipe.
final class Journal {
  /// Where it begins if there is no position: at the start of the present boot, as the original publisher did, or at the end.
  /// Earlier boots are read only on from a position: nobody who turns this on has asked for a year of old logs.
  enum Start { case start, end }

  /// There is nothing more to come: the catch-up of `once` has ended, or there is no journal.
  private(set) var isOver = false

  let name: String
  private let source: LogRecordWriter.Source
  let query: JournalQuery
  let start: Start
  let once: Bool
  private let program: String
  let root: String
  let onTrouble: (String) -> Void
  private let ownUnit: JournalUnit?
  let startTime = Clock.realtimeMilliseconds() * 1000
  /// As `_BOOT_ID` has it; nil if the system does not tell.
  let presentBoot: String?

  var step = Phase.lookingAtNewest
  private var child: ChildProcess?
  private var reader: LineReader?
  private var due: Int64 = 0  // when a child is started next, monotonic nanoseconds
  private var failures = 0  // in a row
  private var hasRun = false
  var isExamined = false
  var isAwaited = false  // there is no journal of the namespace yet, and it is said

  let cursor = ByteBuffer()  // of the last entry; empty: only its time is known
  private(set) var time: Int64?  // of the last entry, microseconds; nil: nothing is known
  private var hasMoved = false  // since a position was written
  private var isFirst = true  // the next line is the first of its child
  private var isInsideLongLine = false
  var isLost = false  // the entry where we stood is gone, and the stream does not say so yet

  /// What comes when it is sure that the entry where we stand is still there.
  var next = Phase.lookingAtNewest
  /// The files of the journal when that was sure; nil: it has to be looked for.
  var checkedStamp: JournalStorage.Stamp?
  private var isOpened = false  // the child has opened its files, and `checkedStamp` was true then
  /// The newest entry of the present boot when catching up began: the files of this child hold all up to it.
  var newest: (cursor: String, time: Int64, monotonicTime: Int64)?
  /// What followed when files came or went, until it is known whether the entry where we stand went with them: it may be the only one
  /// who still has what came next, in files that are gone for all others.
  private var lastFollower: (child: ChildProcess, reader: LineReader, isFirst: Bool, isInsideLongLine: Bool)?
  /// All that it has up to there is taken; nil: nothing.
  private(set) var drainsUpTo: Int64?
  /// Earlier boots that this run has read to their ends.
  var finishedBoots: Set<String> = []
  /// All boots were read in the journal's own order: the present one goes on from there, not from its start.
  var isInJournalOrder = false

  private let text = ByteBuffer(capacity: 1 << 14)
  private var hasWritten = false  // in this turn
  private var eventsWithoutPosition = 0
  private var stamp = JournalStamp()

  /// What one call of `read` writes at most, about, in bytes; how many lines it looks at.
  private static let turnSize = 1 << 16
  private static let turnLines = 4096
  private static let maximumEventsWithoutPosition = 255
  /// With `once`, somebody waits for the end.
  private static let maximumFailuresOnce = 3

  /// - Parameters:
  ///   - name: the `source` of its records.
  ///   - position: from the last record that is delivered.
  ///   - once: read to the present end only.
  ///   - root: what `/` is, for `/proc` and the journal's folders.
  ///   - onTrouble: told what is the matter, and what to do.
  init(
    source name: String = "journal", query: JournalQuery, start: Start, position: String?, once: Bool,
    program: String = "journalctl", root: String = "", onTrouble: @escaping (String) -> Void
  ) {
    self.name = name
    source = LogRecordWriter.Source(name)
    self.query = query
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

  /// To poll for reading; nil while there is no child.
  var descriptor: Int32? { child?.output }

  /// When `read` wants to be called although nothing can be read, in monotonic nanoseconds; nil: not at all.
  var nextDue: Int64? { isOver || child != nil ? nil : due }

  /// Writes records of what is there, without waiting for more. The last of them has the position.
  /// - Returns: whether there may be more at once.
  func read(into writer: LogRecordWriter) throws -> Bool {
    defer { finishTurn(writer) }
    let limit = writer.buffer.count + Self.turnSize
    var lines = 0
    while !isOver {
      if child == nil {
        guard Clock.monotonicNanoseconds() >= due else { return false }
        begin()
      }
      guard let reader else { return false }
      guard writer.buffer.count < limit, lines < Self.turnLines else { return true }
      if let line = reader.next() {
        lines += 1
        take(line, writer)
        continue
      }
      let result = try reader.fill()
      if !isOpened || step == .following, isStale() { continue }
      switch result {
      case .bytes: isOpened = true
      case .wouldBlock where drainsUpTo != nil && lines == 0: endDraining()
      case .wouldBlock: return false
      // What stands there without its LF is half an entry.
      case .end: childEnded(writer)
      }
    }
    return false
  }

  // MARK: - children

  /// Starts `journalctl` for a step; what it does then is `step`.
  func run(_ next: Phase) {
    stopChild()
    if next != .checkingCursor { lastFollower = nil }
    step = next
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
      // Later on it may be missing for the moment in which it is replaced by a newer one.
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

  /// Lets what follows wait until the entry where we stand is found.
  func setFollowerAside() {
    guard let child, let reader else { return }
    lastFollower = (child, reader, isFirst, isInsideLongLine)
  }

  /// Goes on with what has followed, up to the first entry that others have, too; false if there is none.
  func drainFollower(upTo monotonicTime: Int64) -> Bool {
    guard let lastFollower else { return false }
    stopChild()
    (child, reader, isFirst, isInsideLongLine) = lastFollower
    (step, isOpened, drainsUpTo) = (.following, true, monotonicTime)
    self.lastFollower = nil
    return true
  }

  func endDraining() {
    drainsUpTo = nil
    reportLost()
    begin()
  }

  private func childEnded(_ writer: LogRecordWriter) {
    // It has closed its output and has nothing left to do but to exit.
    let ending = child?.wait(until: Clock.monotonicNanoseconds() + 1_000_000_000)
    switch ending {
    case .exited(0) where step != .following: finished(writer)
    // Is it the cursor that it does not like, or can it not read at all?
    case .exited where step == .checkingCursor: run(.checkingJournal)
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

  /// Looks again in a while for what is not there yet.
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
    look(at: entry, writer)
  }

  /// Makes an event of an entry that is wanted.
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

  // Says in its place that an entry is left out. Its cursor is not known, so the next one's position covers it.
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

  private func finishTurn(_ writer: LogRecordWriter) {
    if hasMoved, let position { writer.cover(source, position: position.token, byLastRecord: hasWritten) }
    hasMoved = false
    hasWritten = false
  }

  /// Nil: nothing is known.
  var position: JournalPosition? { time.map { JournalPosition(cursor: cursor.text, time: $0) } }

  // A long text becomes several events, of which the last may have the position.
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
    // A record has one position.
    hasWritten = !wantsPosition
  }
}
