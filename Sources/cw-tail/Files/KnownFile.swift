internal import Unix

/// A file of a log that is not open, and how far it is read.
struct KnownFile {
  var position: FilePosition
  /// The path under which it was seen last; nil: it is gone, or was not looked for yet.
  var path: String? { didSet { if path != nil { isGone = false } } }
  /// It was looked for and not found.
  var isGone = false
  /// Its status when it was recognised last, so that it need not be read again while it is unchanged.
  var snapshot: StatSnapshot?
  /// When it is checked for growth again, in monotonic nanoseconds: its writer may not have reopened the log.
  var nextLook: Int64 = 0
  /// Nanoseconds between two checks, which doubles each time from `shortest` to `longest`.
  var interval: Int64 = KnownFile.shortest

  static let shortest: Int64 = 1_000_000_000
  static let longest: Int64 = 64_000_000_000

  /// The part of a file's status that stays the same while the file is not written to.
  struct StatSnapshot: Equatable {
    let identity: FileIdentity
    let size: Int64
    let change: FileChange

    init(_ status: stat) { (identity, size, change) = (FileIdentity(status), status.size, FileChange(status)) }
  }

  /// Whether more of it may have to be read, now or later.
  var mayGrow: Bool { position.mayGrow }
}
