internal import Records
internal import Services
internal import Unix

/// Events of one stream, written straight into the body of the PutLogEvents call that will carry them, within all of
/// the service's limits. No I/O, no clock.
final class EventBatch {
  /// The encoded body, which escapes make up to six times as large as what the service counts, is bounded too.
  static let maximumBodyLength = 4 << 20

  let body = ByteBuffer(capacity: 1 << 12)
  private(set) var count = 0
  /// By the service's count: UTF-8 bytes of the messages and 26 for each.
  private(set) var size = 0
  private(set) var lastTimestamp = Int64.min
  private var earliest = Int64.max
  private var latest = Int64.min
  private var isSorted = true
  private var headLength = 0
  private var starts: [UInt32] = []
  private var timestamps: [Int64] = []
  // `{"timestamp":N,"message":"` of the last event that was offered, since the next has the same as a rule.
  private let eventHead = ByteBuffer(capacity: 64)
  private var eventHeadTimestamp: Int64?

  var isEmpty: Bool { count == 0 }

  /// Makes the batch empty, for this destination.
  func begin(_ destination: Destination) {
    body.removeAll()
    // After one very large event the memory goes back.
    body.shrink(to: Self.maximumBodyLength)
    count = 0
    size = 0
    lastTimestamp = .min
    earliest = .max
    latest = .min
    isSorted = true
    starts.removeAll(keepingCapacity: true)
    timestamps.removeAll(keepingCapacity: true)
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
    /// It belongs into the next batch: this one would break a limit.
    case full
    /// Its message alone is longer than an event may be.
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

  // The event stands in the body already; if it may not, it is taken back.
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
    if timestamp < lastTimestamp { isSorted = false }
    lastTimestamp = timestamp
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
    var place = headLength
    starts = order.map { index in
      defer { place += length(of: index) }
      return UInt32(truncatingIfNeeded: place)
    }
    body.truncate(to: headLength)
    body.append(events)
    timestamps.sort()
    isSorted = true
  }

  // Of an event with the comma behind it, before the batch is sealed.
  private func length(of index: Int) -> Int { (index + 1 < count ? Int(starts[index + 1]) : body.count) - Int(starts[index]) }

  /// The two halves of a sealed batch of several events, sealed: to find the one for which the service refuses all.
  func halves(_ destination: Destination) -> (EventBatch, EventBatch) {
    let result = (EventBatch(), EventBatch())
    result.0.begin(destination)
    result.1.begin(destination)
    for index in 0..<count {
      // Without the comma, or the end of the list.
      let end = index + 1 < count ? Int(starts[index + 1]) - 1 : body.count - 2
      let half = index < count / 2 ? result.0 : result.1
      half.starts.append(UInt32(truncatingIfNeeded: half.body.count))
      half.timestamps.append(timestamps[index])
      half.count += 1
      half.body.append(body.bytes.part(Int(starts[index])..<end))
      half.body.append(",")
    }
    result.0.seal()
    result.1.seal()
    return result
  }

  private func appendHead(_ timestamp: Int64) {
    if timestamp != eventHeadTimestamp {
      eventHeadTimestamp = timestamp
      eventHead.removeAll()
      eventHead.append("{\"timestamp\":")
      eventHead.append(decimal: timestamp)
      eventHead.append(",\"message\":\"")
    }
    body.append(eventHead)
  }
}
