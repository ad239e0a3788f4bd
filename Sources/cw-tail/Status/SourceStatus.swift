internal import Records
internal import Unix

/// What became of the events of one source, and how far its delivery lags. Times are milliseconds.
struct SourceStatus: Equatable {
  let source: String
  let delivered: Int64
  let refused: Int64
  let gaps: Int64
  let lastError: String?
  let errorAge: Int64
  /// Nothing was delivered since that error.
  let isFailing: Bool
  /// The byte up to which its file is delivered; nil: the source is not a file.
  private(set) var offset: Int64?
  /// Nil: unknown, or the source is not a file.
  private(set) var bytesBehind: Int64?
  private(set) var isExact = true
  /// An upper bound of the age of the oldest undelivered event; nil: unknown.
  private(set) var timeBehind: Int64?
  /// What is wrong with its files; nil: nothing.
  private(set) var trouble: Backlog.Trouble?
  /// Its position is of a later version of this program.
  private(set) var isOfLaterVersion = false

  /// What is wrong with the source, for people; nil: nothing.
  var troubleText: String? {
    if isOfLaterVersion { return "its position is of a later version of this program" }
    return switch trouble {
    case .noFileYet: "there is no file yet"
    case .gone: "its file is gone"
    case .positionGone: "the file that was read is gone"
    case .unreadable(let code): Follower.sentence(source, code)
    case nil: nil
    }
  }

  /// Nil for an entry that is no source: a pattern.
  /// - Parameters:
  ///   - backlog: nil: the source is not a log.
  ///   - now: milliseconds since the epoch.
  ///   - journalWritten: when the journal was written to last; nil: unknown.
  init?(_ state: SourceState, backlog: Backlog?, now: Int64, journalWritten: () -> Int64?) {
    source = state.sourceText
    (delivered, refused, gaps) = (state.delivered, state.refused, state.gaps)
    lastError = state.lastError
    errorAge = Self.time(from: state.lastErrorTime, to: now)
    isFailing = state.lastError != nil && state.lastErrorTime > state.seen
    if let position = LogPosition(state.positionText) {
      guard let backlog, !position.isNowhere || !Glob.isPattern(source) else { return nil }
      measure(backlog, position, now)
    } else if let position = JournalPosition(token: state.positionText) {
      let isQuiet = journalWritten().map { $0 <= position.time / 1000 + Self.journalGrace } ?? false
      timeBehind = isQuiet ? 0 : Self.time(from: position.time / 1000, to: now)
    } else {
      isOfLaterVersion = true
    }
  }

  /// Milliseconds by which journald may write an entry after its time stamp.
  private static let journalGrace: Int64 = 2000

  /// The status of a file that a pattern finds and of which nothing is delivered.
  init(undelivered path: String, backlog: Backlog, now: Int64) {
    source = path
    (delivered, refused, gaps, lastError, errorAge, isFailing) = (0, 0, 0, nil, 0, false)
    measure(backlog, LogPosition(), now)
  }

  private mutating func measure(_ backlog: Backlog, _ position: LogPosition, _ now: Int64) {
    offset = position.files.first { $0.state == .reading }?.offset ?? position.files.max { $0.modified < $1.modified }?.offset ?? 0
    trouble = backlog.trouble
    if isUnreadable || trouble == .gone { return }
    bytesBehind = backlog.bytes
    isExact = backlog.isExact
    // The backlog was written after what was read; how much later is unknown.
    timeBehind = backlog.bytes == 0 ? 0 : Self.time(from: backlog.since, to: now)
  }

  private static func time(from start: Int64, to end: Int64) -> Int64 {
    let (difference, overflow) = end.subtractingReportingOverflow(start)
    return overflow ? 0 : max(difference, 0)
  }

  /// Whether the source has a problem: events wait for longer than `limit`, or cannot be delivered or read. The journal's time tells of
  /// a quiet selection as well, so it alone is no reason.
  func needsAttention(limit: Int64) -> Bool {
    isFailing || isUnreadable || isOfLaterVersion || bytesBehind != nil && (timeBehind ?? 0) > limit
  }

  private var isUnreadable: Bool { if case .unreadable? = trouble { true } else { false } }
}
