package import Unix

/// Records between a program's input and a service, the oldest first: on the disk (`Spool`) or in memory (`MemoryQueue`).
package protocol RecordQueue: AnyObject {
  /// Whether no more should be taken now.
  var isFull: Bool { get }
  /// Items that are neither acknowledged nor dropped.
  var waiting: Int { get }
  /// Those of them that only this process holds.
  var unstored: Int { get }
  /// Items that were dropped for want of room.
  var dropped: Int { get }
  /// Up to where records were handed out.
  var position: Spool.Cursor { get }
  /// When `turn` has something to do next, in monotonic nanoseconds; nil: nothing.
  var nextDue: Int64? { get }

  /// Takes a record, which `write` appends to the buffer.
  /// - Returns: false if it is too long; nothing was taken then.
  @discardableResult
  func append(_ write: (ByteBuffer) -> Void) -> Bool
  /// Stores what was taken.
  func flush()
  /// The next record; nil: all that are there were handed out. Valid until the queue is used again.
  func next() -> UnsafeRawBufferPointer?
  /// Hands out again what is not acknowledged.
  func rewind()
  /// Notes that everything up to the position is being sent.
  /// - Throws: `SystemError`; nothing may be sent then.
  func mark(upTo position: Spool.Cursor) throws
  /// Takes back what `mark` has noted.
  func unmark()
  /// Everything before the position has ended.
  func acknowledge(upTo position: Spool.Cursor)
  /// Does what is due. `now` is monotonic, in nanoseconds.
  func turn(now: Int64)
  /// Leaves what waits to the next run, if there is one.
  func close()
}
