internal import AWS
internal import Config
internal import Records
internal import Unix

/// Events of one stream and day, written straight into the body of the PutLogEvents call that will carry them, within all of
/// the service's limits. No I/O, no clock.
final class EventBatch {
  /// The encoded body, which escapes make up to six times as large as what the service counts, is bounded too.
  static let maximumBodyLength = 4 << 20

  private static let smallestBody = 512
  /// The length of what stands around a message, `{"timestamp":1795341600000,"message":""},`.
  private static let frameLength = 42

  let body = ByteBuffer(capacity: smallestBody)
  private(set) var count = 0
  /// By the service's count: UTF-8 bytes of the messages and 26 for each.
  private(set) var size = 0
  private var earliest = Int64.max
  private var latest = Int64.min
  private var isSorted = true
  private var headLength = 0
  /// Days since 1970, in UTC: events of one day are never too far apart for one request.
  private(set) var day: Int64 = 0
  /// When it was sealed, in monotonic nanoseconds.
  var sealed: Int64 = 0
  /// The bytes of it that the shipper has counted.
  var charged = 0
  /// Which checkpoints wait for the end of how many events, in the order in which these came.
  private(set) var shares: [Share] = []

  struct Share {
    let checkpoint: SourceProgress.Checkpoint
    var count: Int
  }
  /// Those checkpoints, to compare them with another batch's.
  var checkpoints: Set<ObjectIdentifier> { Set(shares.lazy.map { ObjectIdentifier($0.checkpoint) }) }
  private var starts: [UInt32] = []
  private var timestamps: [Int64] = []
  private(set) var clocks = EventClocks()
  /// The service has refused the events once for their times, which are mended now as well as they can be.
  var isRetried = false
  // `{"timestamp":N,"message":"` of the last event that was offered, since the next has the same as a rule.
  private let eventHead = ByteBuffer(capacity: 64)
  private var eventHeadTimestamp: Int64?

  var isEmpty: Bool { count == 0 }

  /// Bytes of memory that the batch holds, estimated: the body, a constant, and something for each event and share.
  var footprint: Int { max(body.count, Self.smallestBody) + 512 + 12 * count + 200 * shares.count }

  static func day(of timestamp: Int64) -> Int64 { timestamp / CloudWatchLogs.Limit.batchSpan }

  /// Makes the batch empty, for events of this destination and day.
  func begin(_ destination: Destination, day: Int64 = 0) {
    self.day = day
    body.removeAll()
    // After one very large event the memory goes back.
    body.shrink(to: Self.maximumBodyLength)
    count = 0
    size = 0
    earliest = .max
    latest = .min
    isSorted = true
    starts.removeAll(keepingCapacity: true)
    timestamps.removeAll(keepingCapacity: true)
    clocks.removeAll()
    isRetried = false
    shares.removeAll()
    body.append("{\"logGroupName\":")
    JSONText.append(string: destination.group, to: body)
    body.append(",\"logStreamName\":")
    JSONText.append(string: destination.stream, to: body)
    body.append(",\"logEvents\":[")
    headLength = body.count
  }

  /// What became of an event that was offered.
  enum Outcome: Equatable {
    case added
    /// The event belongs into the next batch: this one would break a limit.
    case full
    /// The message alone is longer than an event may be.
    case tooLong
  }

  /// Takes an event whose message is raw bytes; what is not UTF-8 in it becomes U+FFFD.
  func add(timestamp: Int64, raw message: UnsafeRawBufferPointer) -> Outcome {
    let start = body.count
    appendHead(timestamp)
    let length = JSONText.appendEscaped(message, to: body).length
    body.append("\"},")
    return keep(timestamp, length: length, start: start)
  }

  /// Takes an event whose message is the inside of a JSON string, with `length` UTF-8 bytes of text.
  func add(timestamp: Int64, escaped message: UnsafeRawBufferPointer, length: Int) -> Outcome {
    let start = body.count
    appendHead(timestamp)
    body.append(message)
    body.append("\"},")
    return keep(timestamp, length: length, start: start)
  }

  /// Whether all events of `staged` fit, as far as their number and length tell; true, too, if they fit into no batch.
  func hasRoom(for staged: StagedEvents) -> Bool {
    let size = staged.length + staged.count * CloudWatchLogs.Limit.eventOverhead
    guard staged.count <= CloudWatchLogs.Limit.eventsPerBatch, size <= CloudWatchLogs.Limit.batchBytes else { return true }
    return count + staged.count <= CloudWatchLogs.Limit.eventsPerBatch && self.size + size <= CloudWatchLogs.Limit.batchBytes
      && body.count + staged.size + staged.count * Self.frameLength <= Self.maximumBodyLength
  }

  /// Notes the clock that told the time of the last event. It is called for each event of a batch, or for none.
  func note(_ clock: EventClock?) { clocks.append(clock) }

  /// The event that was added last belongs to `checkpoint`.
  func assign(to checkpoint: SourceProgress.Checkpoint) {
    if let last = shares.indices.last, shares[last].checkpoint === checkpoint {
      shares[last].count += 1
    } else {
      checkpoint.begin()
      shares.append(Share(checkpoint: checkpoint, count: 1))
    }
  }

  /// All events have ended: accepted, or refused for good.
  func acknowledge(refused: Int) {
    var refused = refused
    for share in shares {
      // The service does not say of which source they were.
      let part = min(refused, share.count)
      refused -= part
      share.checkpoint.progress.count(delivered: share.count - part, refused: part)
      share.checkpoint.end()
    }
    shares.removeAll()
  }

  /// Gives up the events without an end of their checkpoints.
  /// - Returns: how many of them come again in another run.
  func leaveOut() -> Int {
    var count = 0
    for share in shares where share.checkpoint.progress.canRewind {
      share.checkpoint.progress.freeze(share.checkpoint)
      count += share.count
    }
    shares.removeAll()
    return count
  }

  /// Whether every event can be read again from its source.
  var canRewind: Bool { shares.reduce(0) { $0 + ($1.checkpoint.progress.canRewind ? $1.count : 0) } == count }

  // The event is in the body already, and is removed again if it does not fit.
  private func keep(_ timestamp: Int64, length: Int, start: Int) -> Outcome {
    typealias Limit = CloudWatchLogs.Limit
    guard length <= Limit.messageBytes else {
      body.truncate(to: start)
      return .tooLong
    }
    let newEarliest = min(earliest, timestamp)
    let newLatest = max(latest, timestamp)
    let newSize = size + length + Limit.eventOverhead
    let (span, isBeyondCounting) = newLatest.subtractingReportingOverflow(newEarliest)
    let fits =
      count < Limit.eventsPerBatch && newSize <= Limit.batchBytes && body.count <= Self.maximumBodyLength
      && span <= Limit.batchSpan && !isBeyondCounting
    guard fits || count == 0 else {
      body.truncate(to: start)
      return .full
    }
    starts.append(UInt32(truncatingIfNeeded: start))
    timestamps.append(timestamp)
    count += 1
    size = newSize
    if timestamp < latest { isSorted = false }
    earliest = newEarliest
    latest = newLatest
    return .added
  }

  /// Ends the body: brings the events into the order of their timestamps, which the service demands; equal ones stay as
  /// they came.
  func seal() {
    guard count > 0 else { return }
    if !isSorted { sort() }
    body.truncate(to: body.count - 1)
    body.append("]}")
  }

  private func sort() {
    let order = timestamps.indices.sorted { (timestamps[$0], $0) < (timestamps[$1], $1) }
    let events = ByteBuffer(capacity: body.count)
    for index in order {
      let start = Int(starts[index])
      let end = index + 1 < count ? Int(starts[index + 1]) : body.count
      events.append(body.bytes.part(start..<end))
    }
    var offset = headLength
    starts = order.map { index in
      defer { offset += length(of: index) }
      return UInt32(truncatingIfNeeded: offset)
    }
    body.truncate(to: headLength)
    body.append(events)
    timestamps.sort()
    clocks.sort(order)
    isSorted = true
  }

  // The length of an event with the comma behind it, before the batch is sealed.
  private func length(of index: Int) -> Int { (index + 1 < count ? Int(starts[index + 1]) : body.count) - Int(starts[index]) }

  /// The two halves of a sealed batch of several events, sealed: to find the one for which the service refuses all.
  func halves(_ destination: Destination) -> (EventBatch, EventBatch) {
    let halves = (part(0..<count / 2, destination), part(count / 2..<count, destination))
    share(with: [halves.0, halves.1], all: true)
    return halves
  }

  /// Some events of a sealed batch as a batch of their own, sealed, for whose end no checkpoint waits.
  func part(_ range: Range<Int>, _ destination: Destination) -> EventBatch {
    let result = EventBatch()
    result.begin(destination)
    result.sealed = sealed
    for index in range {
      // Without the comma, or the end of the list.
      let end = index + 1 < count ? Int(starts[index + 1]) - 1 : body.count - 2
      result.starts.append(UInt32(truncatingIfNeeded: result.body.count))
      result.timestamps.append(timestamps[index])
      result.clocks.append(clocks[index])
      result.count += 1
      result.body.append(body.bytes.part(Int(starts[index])..<end))
      result.body.append(",")
    }
    result.seal()
    return result
  }

  /// One event of a sealed batch; its message is the inside of a JSON string.
  func event(_ index: Int) -> (timestamp: Int64, message: UnsafeRawBufferPointer) {
    let timestamp = timestamps[index]
    appendEventHead(timestamp)
    // Without `"}` and the comma, or the end of the list.
    let end = index + 1 < count ? Int(starts[index + 1]) - 3 : body.count - 4
    return (timestamp, body.bytes.part((Int(starts[index]) + eventHead.count)..<end))
  }

  /// Lets the checkpoints of this batch wait for other batches that have its events now. Which event is of which source is not known
  /// any more, only how many are.
  /// - Parameter all: they have all events; if not, the rest ends with this batch.
  func share(with parts: [EventBatch], all: Bool) {
    var left = shares
    for part in parts {
      var wanted = part.count
      for index in left.indices where wanted > 0 && left[index].count > 0 {
        let count = min(wanted, left[index].count)
        wanted -= count
        left[index].count -= count
        left[index].checkpoint.begin()
        part.shares.append(Share(checkpoint: left[index].checkpoint, count: count))
      }
    }
    if all {
      for share in shares { share.checkpoint.end() }
      left = []
    }
    shares = left
  }

  private func appendHead(_ timestamp: Int64) {
    appendEventHead(timestamp)
    body.append(eventHead)
  }

  private func appendEventHead(_ timestamp: Int64) {
    if timestamp != eventHeadTimestamp {
      eventHeadTimestamp = timestamp
      eventHead.removeAll()
      eventHead.append("{\"timestamp\":")
      eventHead.append(decimal: timestamp)
      eventHead.append(",\"message\":\"")
    }
  }
}
