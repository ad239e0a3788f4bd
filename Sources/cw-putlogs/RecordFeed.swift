internal import Records
internal import Tool
internal import Unix

/// Each line is a log record.
final class RecordFeed: Feed {
  private let shipper: Shipper
  private let destination: (_ source: String) throws -> Destination
  private let scratch = ByteBuffer()
  private var records: Int64 = 0
  private var announcedEnd: Int64?
  private var hasWarned = false
  private var isInsideLongLine = false
  // The stream of the last source, and all that were seen.
  private let lastSource = ByteBuffer()
  private var lastStream: LogStream?
  private var streams: [Route: LogStream] = [:]

  /// What a record says of where it goes, as its bytes.
  private struct Route: Hashable {
    var source: [UInt8]
    var group: [UInt8]?
    var stream: [UInt8]?
  }

  /// - Parameter destination: where a source's events go, as far as the record itself does not say.
  init(_ shipper: Shipper, destination: @escaping (_ source: String) throws -> Destination) {
    self.shipper = shipper
    self.destination = destination
  }

  var hasOneStream: Bool { false }
  var maximumLineLength: Int { LogRecord.maximumLineLength }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) {
    switch line.ending {
    case .cut:
      if !isInsideLongLine { refuse("longer than \(LogRecord.maximumLineLength) bytes") }
      isInsideLongLine = true
      return
    // The rest of a line that is too long is no line of its own, whatever it looks like.
    case .lineFeed where isInsideLongLine:
      isInsideLongLine = false
      return
    // A killed writer leaves half a line, and half an event must not be sent.
    case .endOfInput: return
    case .lineFeed: break
    }
    switch LogRecord.parse(line.bytes) {
    case .invalid(let reason): refuse("\(reason)")
    case .end(let count): announcedEnd = count
    case .record(let record):
      records += 1
      guard let message = record.message, record.messageLength > 0, let timestamp = record.timestamp else { return }
      // For one such event the service would refuse the whole request.
      guard timestamp >= 0 else { return refuse("a timestamp before 1970") }
      guard let stream = stream(of: record) else { return refuse("no usable group or stream") }
      let length = record.messageLength
      let isTaken = shipper.add(to: stream, now: now) {
        $0.add(timestamp: timestamp, escaped: message, length: length)
      }
      if !isTaken {
        shipper.countSplit()
        shipper.addInParts(to: stream, now: now, timestamp: timestamp, escaped: message, length: length)
      }
    }
  }

  func problemAtEnd() -> ToolError? {
    guard let announcedEnd else {
      return ToolError(.upstreamBroke, "the input ended without {\"end\":N}; what wrote it has died, look at its messages")
    }
    guard announcedEnd == records else {
      return ToolError(.upstreamBroke, "the input announced \(announcedEnd) records and had \(records)")
    }
    return nil
  }

  private func stream(of record: LogRecord) -> LogStream? {
    if record.group == nil, record.stream == nil, let lastStream, lastSource.bytes.equals(record.source) {
      return lastStream
    }
    let route = Route(
      source: Array(record.source), group: record.group.map { Array($0) }, stream: record.stream.map { Array($0) })
    if let stream = streams[route] { return remember(stream, record) }
    guard var place = try? destination(text(record.source)) else { return nil }
    if let group = record.group { place.group = text(group) }
    if let stream = record.stream { place.stream = text(stream) }
    guard Destination.isGroupName(place.group), Destination.isStreamName(place.stream) else { return nil }
    let stream = shipper.stream(place)
    streams[route] = stream
    return remember(stream, record)
  }

  private func remember(_ stream: LogStream, _ record: LogRecord) -> LogStream {
    guard record.group == nil, record.stream == nil else { return stream }
    lastSource.removeAll()
    lastSource.append(record.source)
    lastStream = stream
    return stream
  }

  private func text(_ bytes: UnsafeRawBufferPointer) -> String {
    scratch.removeAll()
    JSONText.appendUnescaped(bytes, to: scratch)
    return scratch.text
  }

  private func refuse(_ reason: String) {
    shipper.countInvalid()
    guard !hasWarned else { return }
    hasWarned = true
    Messages.warning("a line is no log record (\(reason)); such lines are counted and not sent")
  }
}
