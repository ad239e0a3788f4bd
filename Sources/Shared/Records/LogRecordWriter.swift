package import Unix

/// Writes log records of one source after the other into a buffer, and counts them.
package final class LogRecordWriter {
  package let buffer: ByteBuffer
  /// Records written, for the `{"end":N}` of a clean end.
  package private(set) var count: Int64 = 0
  /// The clock that stamps the events written now; nil: the records have none. A source's records have it when it is news: with an
  /// event that it stamped, and after it was set.
  package var clock: RecordClock?
  /// Where the record begins that was written last.
  private var lastRecord = 0

  /// A writer that has written no record yet.
  package init(buffer: ByteBuffer) { self.buffer = buffer }

  /// The part of a record that is the same for all of a source: made once, copied for each.
  package final class Source {
    fileprivate let head: [UInt8]
    /// As the source's records told it last.
    fileprivate var clock: RecordClock?

    /// A source by its name, not escaped.
    package init(_ name: String) {
      let buffer = ByteBuffer()
      buffer.append("{\"source\":")
      JSONText.append(string: name, to: buffer)
      head = buffer.array
    }
  }

  /// Writes an event; bytes of `message` that are not UTF-8 become U+FFFD.
  /// - Parameter clock: that has stamped this event; nil: `self.clock`, if it is one.
  /// - Returns: how many U+FFFD were put in.
  @discardableResult
  package func append(
    _ source: Source, position: String? = nil, timestamp: Int64, clock: RecordClock? = nil, message: UnsafeRawBufferPointer
  ) -> Int {
    begin(source, position: position)
    append(timestamp, clock ?? self.clock, of: source)
    buffer.append(",\"message\":\"")
    let escaped = JSONText.appendEscaped(message, to: buffer)
    buffer.append("\"}\n")
    return escaped.replacements
  }

  /// Writes an event of our own, which says that lines of the source are lost.
  package func append(_ source: Source, gap text: String, timestamp: Int64) {
    begin(source, position: nil)
    append(timestamp, clock, of: source)
    buffer.append(",\"message\":")
    JSONText.append(string: text, to: buffer)
    buffer.append(",\"gap\":true}\n")
  }

  /// Writes "done up to here".
  package func append(_ source: Source, position: String) {
    begin(source, position: position)
    buffer.append("}\n")
  }

  /// Says "done up to here": in the record that was written last, if that is one of `source` that is in the buffer still, else in
  /// one of its own.
  package func cover(_ source: Source, position: String, byLastRecord: Bool) {
    guard byLastRecord else { return append(source, position: position) }
    let member = ByteBuffer(capacity: 128)
    append(position: position, to: member)
    buffer.insert(member, at: lastRecord + source.head.count)
  }

  /// Writes the clean end.
  package func appendEnd() {
    buffer.append("{\"end\":")
    buffer.append(decimal: count)
    buffer.append("}\n")
  }

  private func begin(_ source: Source, position: String?) {
    lastRecord = buffer.count
    buffer.append(source.head)
    if let position { append(position: position, to: buffer) }
    count += 1
  }

  private func append(_ timestamp: Int64, _ clock: RecordClock?, of source: Source) {
    buffer.append(",\"timestamp\":")
    buffer.append(decimal: timestamp)
    guard let clock, clock != source.clock else { return }
    guard timestamp == clock.reading.realtime || clock.wasSet(since: source.clock) else { return }
    source.clock = clock
    buffer.append(",\"clock\":\"")
    clock.append(to: buffer)
    buffer.append("\"")
  }

  private func append(position: String, to buffer: ByteBuffer) {
    buffer.append(",\"position\":")
    JSONText.append(string: position, to: buffer)
  }
}
