package import Unix

/// Records that wait in memory.
package final class MemoryQueue: RecordQueue {
  private let options: Spool.Options
  private let warn: (String) -> Void
  private var records: [ByteBuffer] = []
  /// How many of `records` were handed out, and their items.
  private var taken = 0
  private var size = 0
  private var toldDropped = false
  package private(set) var waiting = 0
  package private(set) var dropped = 0
  /// The offset is unused; the ordinal counts items, the sequence records.
  package private(set) var position = Spool.Cursor(sequence: 0, offset: 0, ordinal: 0)
  private var acknowledged = Spool.Cursor(sequence: 0, offset: 0, ordinal: 0)

  /// - Parameters:
  ///   - options: `memoryLimit` is the size in bytes.
  ///   - warn: called with a sentence when something is dropped, the first time.
  package init(_ options: Spool.Options, warn: @escaping (String) -> Void) { (self.options, self.warn) = (options, warn) }

  package var isFull: Bool { options.overflow == .block && size >= options.memoryLimit }
  package var unstored: Int { waiting }
  package var nextDue: Int64? { nil }

  @discardableResult
  package func append(_ write: (ByteBuffer) -> Void) -> Bool {
    let record = ByteBuffer(capacity: 256)
    write(record)
    records.append(record)
    size += record.count
    waiting += options.items(record.bytes)
    // What was handed out is on its way and stays.
    while options.overflow == .dropOldest, size >= options.memoryLimit, records.count > taken + 1 { drop(taken) }
    return true
  }

  private func drop(_ index: Int) {
    let record = records.remove(at: index)
    let items = options.items(record.bytes)
    size -= record.count
    waiting -= items
    dropped += items
    guard !toldDropped else { return }
    toldDropped = true
    warn("more \(options.noun) wait than memory may hold; the oldest are dropped")
  }

  package func next() -> UnsafeRawBufferPointer? {
    guard taken < records.count else { return nil }
    let record = records[taken]
    taken += 1
    position.sequence += 1
    position.ordinal += options.items(record.bytes)
    return record.bytes
  }

  package func rewind() {
    taken = 0
    position = acknowledged
  }

  package func acknowledge(upTo position: Spool.Cursor) {
    let count = min(Int(position.sequence - acknowledged.sequence), records.count)
    guard count > 0 else { return }
    for record in records.prefix(count) {
      size -= record.count
      waiting -= options.items(record.bytes)
    }
    records.removeFirst(count)
    taken = max(0, taken - count)
    acknowledged = position
  }

  package func flush() {}
  package func mark(upTo position: Spool.Cursor) {}
  package func unmark() {}
  package func turn(now: Int64) {}
  package func close() {}
}
