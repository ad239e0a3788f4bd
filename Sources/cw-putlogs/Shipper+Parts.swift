internal import AWS
internal import Records
internal import Unix

extension Shipper {
  /// Adds an event that is longer than an event may be, as several with the same timestamp, each cut at a character.
  func addInParts(
    to stream: LogStream, checkpoint: SourceProgress.Checkpoint? = nil, clock: EventClock? = nil, now: Int64, timestamp: Int64,
    escaped: UnsafeRawBufferPointer, length: Int
  ) {
    var rest = escaped
    while !rest.isEmpty {
      let (index, length) = JSONText.cut(rest, limit: CloudWatchLogs.Limit.messageBytes)
      guard index > 0 else { return }
      let part = rest.part(0..<index)
      _ = add(to: stream, checkpoint: checkpoint, clock: clock, now: now, timestamp: timestamp) {
        $0.add(timestamp: timestamp, escaped: part, length: length)
      }
      rest = rest.part(index..<rest.count)
    }
  }

  /// Counts an event that had to be cut.
  func countSplit() { counters.split += 1 }
  /// Counts a line that is no record.
  func countInvalid() { counters.invalid += 1 }

  /// Batches that have events of the one that is under way go next.
  func insert(_ parts: [EventBatch], _ stream: LogStream) {
    parts.forEach(charge)
    stream.waiting.insert(contentsOf: parts, at: 0)
  }
}
