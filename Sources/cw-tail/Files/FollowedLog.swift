internal import Records
internal import Unix

/// What one path leads to, through all rotations: one source of records.
final class FollowedLog {
  /// Absolute, as it was found: the records' `source`.
  let path: String
  /// The path as bytes, which tell apart what Swift takes for equal.
  let key: [UInt8]
  let source: LogRecordWriter.Source
  let assembler: EventAssembler
  let check = TextCheck()
  /// The files that are read, the oldest first: while it has more, the next one waits.
  var files: [FollowedFile] = [] { didSet { others = nil } }
  /// Its other files, as far as they are known.
  var known: [KnownFile] = [] { didSet { others = nil } }
  /// As of `LogPosition`.
  var since: Int64? { didSet { others = nil } }
  /// Its file was closed for the sake of others, and is opened again when it has changed.
  var isResting = false
  /// Something was put beside it since it was looked at.
  var isToBeExamined = false
  /// The last look came to no end, so that what lay beside it then is not known.
  var hasMissedLook = false
  /// The patterns found its path, at the last look at everything.
  var isFound = false
  /// What was found is a link, which may lead elsewhere although its own folder has not changed.
  var isLink = false
  /// Changes of its files are not told.
  var isUntold = false
  /// A file that comes next and cannot be read at present.
  struct Owed {
    var path: String
    /// Nanoseconds of the monotonic clock.
    var since: Int64
  }

  var owed: [FileIdentity: Owed] = [:]
  /// How often lines of it were found to be lost.
  var gapCount = 0
  /// Nothing can be said before the file is read that an earlier run was reading.
  var unfound: [FilePosition] = []

  /// What does not change while the first file is read.
  private var others: [String]?

  init(path: String, assembler: EventAssembler) {
    self.path = path
    key = Array(path.utf8)
    self.assembler = assembler
    source = LogRecordWriter.Source(path)
  }

  /// The file that the path led to when somebody looked.
  var live: FollowedFile? { files.last.flatMap { $0.rotatedSince == nil ? $0 : nil } }

  /// Whether nothing is to be read of it before a change is told.
  var isWatched: Bool { files.count == 1 && files[0].isWatched }

  /// How far it is read.
  var position: LogPosition {
    LogPosition(files: files.filter { $0.offset > 0 }.map(\.position) + unfound + known.map(\.position), since: since)
  }

  /// As `position`, in the midst of reading the first file.
  func token(_ first: FilePosition) -> String {
    let rest = others ?? (files.dropFirst().filter { $0.offset > 0 }.map(\.position) + unfound + known.map(\.position)).map(\.text)
    others = rest
    return LogPosition.text([first.text] + rest, since: since)
  }

  /// Of files that are gone so many are remembered: a link, or a disk, may come back to one.
  private static let rememberedCount = 16
  /// More older files than that are not remembered one by one: those that have not changed for longest are older than `since`.
  static let maximumKnown = 1000

  /// Forgets what no file is left of, but for the newest.
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

  /// Whether it is looked at no more: everything of it is read and gone.
  var isOver: Bool { files.isEmpty && unfound.isEmpty && owed.isEmpty }
}
