internal import Unix

/// One log record: an event of a source, or how far its source is done (cw-record(5)).
///
/// The fields lie in the line they were read from, still escaped as JSON has them, so that a message travels from the
/// program that escaped it into the request without being touched.
package struct LogRecord {
  package typealias Bytes = UnsafeRawBufferPointer

  /// Absolute path of the followed file, or `journal`.
  package var source: Bytes
  /// Opaque resume token of the source, which covers everything up to this record.
  package var position: Bytes?
  /// Milliseconds since the epoch.
  package var timestamp: Int64?
  /// This machine's clock when this event and those behind it were read (`RecordClock`).
  package var clock: Bytes?
  /// The event, as the inside of a JSON string. Nil: nothing to deliver, "done up to here".
  package var message: Bytes?
  /// Length of the message's text in UTF-8 bytes.
  package var messageLength = 0
  /// Whether the message must be unescaped to be read.
  package var messageHasEscapes = false
  /// The message says that lines of the source are lost: `cw-tail` speaks, not the log, and no filter may keep it from being told.
  package var isGap = false
  /// Overrides of the destination.
  package var group: Bytes?
  package var stream: Bytes?

  /// What a line of a record stream can be.
  package enum Line {
    case record(LogRecord)
    /// The clean end: how many records were written before it.
    case end(Int64)
    /// No record, and why.
    case invalid(StaticString)
  }

  /// The longest line that a writer makes: a message of 1 MiB in which every byte is escaped, and its keys.
  package static let maximumLineLength = 7 << 20

  /// Reads a line without its LF. Keys in any order; unknown ones are stepped over.
  package static func parse(_ line: Bytes) -> Line {
    guard var object = ObjectScanner(line) else { return .invalid("not a JSON object") }
    var record = LogRecord(source: Bytes(start: nil, count: 0))
    var hasSource = false
    while let key = object.nextKey() {
      if key.equals("source") {
        guard let value = object.string() else { return .invalid("source is not a string") }
        record.source = value.bytes
        hasSource = true
      } else if key.equals("timestamp") {
        guard let value = object.integer() else { return .invalid("timestamp is not a whole number") }
        record.timestamp = value
      } else if key.equals("message") {
        guard let value = object.string() else { return .invalid("message is not a string") }
        record.message = value.bytes
        record.messageLength = value.scan.length
        record.messageHasEscapes = value.scan.hasEscapes
      } else if key.equals("position") {
        guard let value = object.string() else { return .invalid("position is not a string") }
        record.position = value.bytes
      } else if key.equals("clock") {
        guard let value = object.string() else { return .invalid("clock is not a string") }
        record.clock = value.bytes
      } else if key.equals("group") {
        guard let value = object.string() else { return .invalid("group is not a string") }
        record.group = value.bytes
      } else if key.equals("stream") {
        guard let value = object.string() else { return .invalid("stream is not a string") }
        record.stream = value.bytes
      } else if key.equals("gap") {
        guard let value = object.boolean() else { return .invalid("gap is not true or false") }
        record.isGap = value
      } else if key.equals("end"), !hasSource {
        guard let count = object.integer() else { return .invalid("end is not a whole number") }
        guard object.nextKey() == nil, object.isComplete else { return .invalid("end does not stand alone") }
        return .end(count)
      } else {
        guard object.skipValue() else { return .invalid("not JSON") }
      }
    }
    guard object.isComplete else { return .invalid("not JSON") }
    guard hasSource, !record.source.isEmpty else { return .invalid("no source") }
    if record.message != nil, record.timestamp == nil { return .invalid("a message without a timestamp") }
    return .record(record)
  }
}
