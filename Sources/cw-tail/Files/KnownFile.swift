internal import Unix

/// A file of a log that is not being read at present, and how far it is done with.
struct KnownFile {
  var position: FilePosition
  /// Under which it was seen last; nil: it is not there, or was not looked for yet.
  var path: String? { didSet { if path != nil { isGone = false } } }
  /// It was looked for, and is not there.
  var isGone = false
  /// As it was when it was recognised last, so that a look at it costs no reading.
  var seen: Seen?
  /// When it is looked at again, in nanoseconds of the monotonic clock: somebody may write to it still.
  var nextLook: Int64 = 0
  /// Nanoseconds between two looks: less and less often.
  var interval: Int64 = KnownFile.shortest

  static let shortest: Int64 = 1_000_000_000
  static let longest: Int64 = 64_000_000_000

  /// What stays the same while nobody writes to a file.
  struct Seen: Equatable {
    let identity: FileIdentity
    let size: Int64
    let change: FileChange

    init(_ status: stat) { (identity, size, change) = (FileIdentity(status), status.size, FileChange(status)) }
  }

  /// Whether there may be more of it to be read, now or later.
  var mayGrow: Bool { position.mayGrow }
}
