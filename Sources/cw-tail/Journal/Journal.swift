internal import Records
internal import Unix

/// The systemd journal as a source of records, read through `journalctl`.
///
/// Each start is three runs of it: one that looks whether the entry where we stood is still there, one that reads from there to the
/// end over all boots, and one that follows. They name that entry and leave it out if it comes, since asking for what is behind it
/// loses an entry where it is gone. While nobody calls `read`, `journalctl` waits at its full pipe.
final class Journal {
  /// Where it begins if there is no position: at the start of the present boot, as the original publisher did, or at the end.
  /// Earlier boots are read only on from a position: nobody who turns this on has asked for a year of old logs.
  enum Start { case start, end }

  /// There is nothing more to come: the catch-up of `once` has ended, or there is no journal.
  private(set) var isOver = false

  private let name: String
  private let source: LogRecordWriter.Source
  private let query: JournalQuery
  private let start: Start
  private let once: Bool
  private let program: String
  private let root: String
  private let onTrouble: (String) -> Void
  private let ownUnit: JournalUnit?
  private let startTime = Clock.realtimeMilliseconds() * 1000

  private enum Phase: Equatable { case checkingCursor, checkingJournal, findingEnd, catchingUp, following }
  private var phase = Phase.catchingUp
  private var child: ChildProcess?
  private var reader: LineReader?
  private var due: Int64 = 0  // when a child is started next, monotonic nanoseconds
  private var failures = 0  // in a row
  private var hasRun = false
  private var isExamined = false

  private let cursor = ByteBuffer()  // of the last entry; empty: only its time is known
  private var time: Int64?  // of the last entry, microseconds; nil: nothing is known
  private var hasMoved = false  // since a position was written
  private var isFirst = true  // the next line is the first of its child
  private var isInsideLongLine = false
  private var isLost = false  // the entry where we stood is gone, and the stream does not say so yet

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
  ///   - root: what `/` is, for `/proc/self/cgroup` and the journal's folders.
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
    ownUnit = (try? TextFile.read("\(root)/proc/self/cgroup")).flatMap { JournalUnit(cgroup: String(decoding: $0, as: UTF8.self)) }
    guard let position else { return }
    if let position = JournalPosition(token: position) {
      cursor.append(position.cursor)
      time = position.time
    } else {
      isLost = true
      onTrouble("the stored position of the journal means nothing to this version; the journal is read from the start of this boot")
    }
  }

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
      if child == nil, Clock.monotonicNanoseconds() < due || !begin() { return false }
      guard let reader else { return false }
      guard writer.buffer.count < limit, lines < Self.turnLines else { return true }
      if let line = reader.next() {
        lines += 1
        take(line, writer)
        continue
      }
      switch try reader.fill() {
      case .bytes: break
      case .wouldBlock: return false
      // What stands there without its LF is half an entry.
      case .end: childEnded(writer)
      }
    }
    return false
  }

  // MARK: - children

  // Starts what is to be done from the beginning. False if that is not possible now.
  private func begin() -> Bool {
    if !isExamined {
      isExamined = true
      guard examineStorage() else { return false }
    }
    return begin(!cursor.isEmpty ? .checkingCursor : start == .end && time == nil && !isLost ? .findingEnd : .catchingUp)
  }

  @discardableResult
  private func begin(_ next: Phase) -> Bool {
    stopChild()
    phase = next
    isFirst = true
    isInsideLongLine = false
    do {
      let child = try ChildProcess([program] + arguments(next))
      _ = fcntl(child.output, F_SETFL, fcntl(child.output, F_GETFL) | O_NONBLOCK)
      reader = LineReader(descriptor: child.output, maximumLength: LogRecord.maximumLineLength)
      self.child = child
      hasRun = true
      return true
    } catch {
      let reason = (error as? SystemError)?.description ?? "\(error)"
      // Later on it may be missing for the moment in which it is replaced by a newer one.
      if !hasRun, (error as? SystemError)?.code == ENOENT {
        end("no journal here (\(reason)); it is not followed")
      } else {
        tryLater(reason)
      }
      return false
    }
  }

  private func arguments(_ phase: Phase) -> [String] {
    switch phase {
    case .checkingCursor: JournalQuery.look(at: .cursor(cursor.text))
    case .checkingJournal, .findingEnd: JournalQuery.look(at: nil)
    case .catchingUp, .following: query.arguments(from: origin, follows: phase == .following)
    }
  }

  private var origin: JournalQuery.Origin {
    guard let time else { return .boot }
    return cursor.isEmpty ? .time(time) : .cursor(cursor.text)
  }

  private func stopChild() {
    reader = nil
    child = nil
  }

  private func childEnded(_ writer: LogRecordWriter) {
    // It has closed its output and has nothing left to do but to exit.
    let ending = child?.wait(until: Clock.monotonicNanoseconds() + 1_000_000_000)
    switch (phase, ending) {
    case (.checkingCursor, .exited(0)):
      // There is nothing at the cursor nor behind it.
      cursorIsLost()
    case (.checkingCursor, .exited):
      // Is it the cursor that it does not like, or can it not read at all?
      begin(.checkingJournal)
    case (.checkingJournal, .exited(0)): cursorIsRefused()
    case (.findingEnd, .exited(0)):
      setPosition(cursor: nil, time: startTime)
      begin(.catchingUp)
    case (.catchingUp, .exited(0)):
      if isLost {
        // Nothing has come since; from now on the time is the position, so that this is said once.
        appendGap(writer, timestamp: Clock.realtimeMilliseconds())
        setPosition(cursor: nil, time: time ?? startTime)
      }
      if once { end(nil) } else { begin(.following) }
    default:
      switch ending {
      case .exited(let status): tryLater("journalctl ended with exit status \(status)")
      case .killed(let signal): tryLater("journalctl was ended by signal \(signal)")
      case nil: tryLater("journalctl closed its output")
      }
    }
  }

  private func tryLater(_ reason: String) {
    stopChild()
    failures += 1
    if once, failures > Self.maximumFailuresOnce { return end("\(reason); the rest of the journal is read by the next run") }
    if failures == 1 { onTrouble("\(reason); it is started again and goes on where it stopped") }
    due = Clock.monotonicNanoseconds() + Self.delay(failures)
  }

  /// 1, 2, 4 ... 60 seconds, in nanoseconds.
  static func delay(_ failures: Int) -> Int64 { min(60, 1 << Int64(min(max(failures - 1, 0), 6))) * 1_000_000_000 }

  private func end(_ trouble: String?) {
    stopChild()
    isOver = true
    if let trouble { onTrouble(trouble) }
  }

  private func examineStorage() -> Bool {
    let storage = JournalStorage(root: root)
    guard storage.isPersistent || storage.isVolatile else {
      end("no journal here (there is nothing in /var/log/journal and /run/log/journal); it is not followed")
      return false
    }
    if !storage.isReadable {
      onTrouble("this user sees only its own entries of the journal; add it to the group systemd-journal or adm")
    } else if !storage.isPersistent {
      onTrouble("the journal is kept in memory only, and what is not sent before a reboot is lost; mkdir /var/log/journal keeps it")
    }
    return true
  }

  // MARK: - lines

  private func take(_ line: LineReader.Line, _ writer: LogRecordWriter) {
    let continues = isInsideLongLine
    if case .cut = line.ending { isInsideLongLine = true } else { isInsideLongLine = false }
    if continues { return }
    guard !isInsideLongLine else { return skip("an entry of more than \(LogRecord.maximumLineLength) bytes as JSON", writer) }
    guard let entry = JournalEntry(line.bytes) else { return skip("a line of journalctl that is no entry", writer) }
    switch phase {
    case .checkingCursor:
      if entry.cursor.equals(cursor.bytes) { begin(.catchingUp) } else { cursorIsLost() }
    case .checkingJournal: cursorIsRefused()
    case .findingEnd:
      setPosition(cursor: entry.cursor, time: entry.time)
      begin(.catchingUp)
    case .catchingUp, .following: take(entry, writer)
    }
  }

  private func take(_ entry: JournalEntry, _ writer: LogRecordWriter) {
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

  private func setPosition(cursor new: UnsafeRawBufferPointer?, time newTime: Int64) {
    cursor.removeAll()
    if let new { cursor.append(new) }
    time = newTime
    hasMoved = true
  }

  // MARK: - gaps

  // The entry where we stood has been removed, and who knows how many behind it. `--cursor` then begins at the nearest one.
  private func cursorIsLost() {
    guard JournalStorage(root: root).isReadable else {
      // It may be there, but not for us. Once we may read it, nothing is lost.
      return tryLater("the journal can not be read from where it was left")
    }
    reportLost()
    begin(.catchingUp)
  }

  private func cursorIsRefused() {
    reportLost()
    cursor.removeAll()
    time = time.map { max($0 - 1_000_000, 0) }
    begin(.catchingUp)
  }

  private func reportLost() {
    guard !isLost else { return }
    isLost = true
    onTrouble("\(gapText); see SystemMaxUse in journald.conf(5)")
  }

  private var gapText: String {
    guard let time else { return "\(name): it is not known where it was left" }
    return "\(name): the entry at which it was left (\(JournalStamp.universal(time))) is gone; what followed may be lost"
  }

  private func appendGap(_ writer: LogRecordWriter, timestamp: Int64) {
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
    if hasMoved, let position { writer.cover(source, position: position, byLastRecord: hasWritten) }
    hasMoved = false
    hasWritten = false
  }

  private var position: String? { time.map { JournalPosition(cursor: cursor.text, time: $0).token } }

  // A long text becomes several events, of which the last may have the position.
  private func appendEvent(_ writer: LogRecordWriter, _ timestamp: Int64, _ clock: RecordClock?) {
    var rest = text.bytes
    while case let end = UTF8Scalar.cut(rest, limit: EventForm.maximumMessageLength), end < rest.count {
      writer.append(source, timestamp: timestamp, clock: clock, message: rest.part(0..<end))
      rest = rest.part(end..<rest.count)
    }
    eventsWithoutPosition += 1
    let wantsPosition = eventsWithoutPosition > Self.maximumEventsWithoutPosition
    writer.append(source, position: wantsPosition ? position : nil, timestamp: timestamp, clock: clock, message: rest)
    if wantsPosition { eventsWithoutPosition = 0 }
    hasMoved = !wantsPosition
    // A record has one position.
    hasWritten = !wantsPosition
  }
}
