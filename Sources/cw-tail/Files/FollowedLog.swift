internal import Records
internal import Unix

/// The log that one path leads to, through all its rotations: one source of records.
final class FollowedLog {
  /// Absolute, as it was found; the `source` of the records.
  let path: String
  /// The bytes of the path: Strings are equal in Swift although their bytes differ (Unicode normalization).
  let key: [UInt8]
  let source: LogRecordWriter.Source
  let assembler: EventAssembler
  let check = TextCheck()
  /// The open files, the oldest first. A file is read only when all before it are read to their ends.
  var files: [FollowedFile] = [] { didSet { others = nil } }
  /// The files of the log that are not open, as far as they are known.
  var known: [KnownFile] = [] { didSet { others = nil } }
  /// As `LogPosition.since`.
  var since: Int64? { didSet { others = nil } }
  /// Its file was closed to free a descriptor, and is reopened when it has changed.
  var isSuspended = false
  /// A file appeared beside it that may be one of its own.
  var needsExamination = false
  /// The last examination was not completed, so it is unknown which files lay beside it then.
  var hasMissedLook = false
  /// The patterns found its path in the last full scan.
  var isFound = false
  /// Its path is a link, which may lead elsewhere although its own folder has not changed.
  var isLink = false
  /// Changes of its files cause no events, so they are polled.
  var isWatchUnreliable = false
  /// A file that is next in turn and cannot be read at present.
  struct PendingFile {
    var path: String
    /// Monotonic nanoseconds.
    var since: Int64
  }

  var pending: [FileIdentity: PendingFile] = [:]
  /// How many gaps were reported.
  var gapCount = 0
  /// Positions in files that an earlier run was reading and that are not found yet.
  var unlocated: [FilePosition] = []

  /// The positions of all files but the first, as text: they do not change while the first one is read.
  private var others: [String]?

  init(path: String, assembler: EventAssembler) {
    self.path = path
    key = Array(path.utf8)
    self.assembler = assembler
    source = LogRecordWriter.Source(path)
  }

  /// The open file that the path led to at the last scan.
  var live: FollowedFile? { files.last.flatMap { $0.rotatedSince == nil ? $0 : nil } }

  /// Whether nothing is to be read before an event reports a change.
  var isWatched: Bool { files.count == 1 && files[0].isWatched }

  /// How far the log is read.
  var position: LogPosition {
    LogPosition(files: files.filter { $0.offset > 0 }.map(\.position) + unlocated + known.map(\.position), since: since)
  }

  /// The text of `position`, with `first` for the first file, which is being read.
  func token(_ first: FilePosition) -> String {
    let rest = others ?? (files.dropFirst().filter { $0.offset > 0 }.map(\.position) + unlocated + known.map(\.position)).map(\.text)
    others = rest
    return LogPosition.text([first.text] + rest, since: since)
  }

  /// How many files that are gone are remembered: a link may lead back to one, and a disk may be mounted again.
  private static let rememberedCount = 16
  /// How many files are remembered individually. The ones that were modified earliest are covered by `since` instead.
  static let maximumKnown = 1000

  /// Forgets files that are gone, except the newest.
  func forgetGone() {
    let gone = known.filter(\.isGone).map(\.position.modified).sorted(by: >)
    if gone.count > Self.rememberedCount {
      let bound = gone[Self.rememberedCount]
      known.removeAll { $0.isGone && $0.position.modified <= bound }
    }
    guard known.count > Self.maximumKnown else { return }
    known.sort { $0.position.modified > $1.position.modified }
    since = max(since ?? .min, known[Self.maximumKnown].position.modified)
    known.removeSubrange(Self.maximumKnown...)
  }

  /// Whether nothing is left to read: all its files are read, and none is open or waited for.
  var isOver: Bool { files.isEmpty && unlocated.isEmpty && pending.isEmpty }
}
