internal import Records

/// What one path leads to, through all rotations: one source of records.
final class FollowedLog {
  /// Absolute, as it was found: the records' `source`.
  let path: String
  /// The path as bytes, which tell apart what Swift takes for equal.
  let key: [UInt8]
  let source: LogRecordWriter.Source
  let form: EventForm
  let check = TextCheck()
  /// The files that are read, the oldest first: while it has more, the next one waits.
  var files: [FollowedFile] = []
  /// Where to go on when there is a file again: as it was stored, or when the last one was closed.
  var rest: Position?
  /// Its file was closed for the sake of others, and is opened again when it has changed.
  var isResting = false

  init(path: String, form: EventForm) {
    self.path = path
    key = Array(path.utf8)
    self.form = form
    source = LogRecordWriter.Source(path)
  }

  /// The file that the path led to when somebody looked.
  var live: FollowedFile? { files.last.flatMap { $0.rotatedSince == nil ? $0 : nil } }

  /// How far it is read.
  var position: Position? { files.first?.position ?? rest }
}
