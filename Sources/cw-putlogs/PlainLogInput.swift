internal import AWS
internal import Records
internal import Unix

/// Each line is an event of one stream, stamped with the time it was read.
final class PlainLogInput: LogInput {
  private let shipper: Shipper
  private let stream: LogStream
  private let progress: SourceProgress?
  private let scratch = ByteBuffer()
  private var stampClock = StampClock()
  private var isInsideLine = false

  /// - Parameter progress: of the spool that the lines come from; nil: they come from the input itself.
  init(_ shipper: Shipper, stream: LogStream, progress: SourceProgress? = nil) {
    self.shipper = shipper
    self.stream = stream
    self.progress = progress
  }

  var hasOneStream: Bool { true }
  var maximumLineLength: Int { CloudWatchLogs.Limit.messageBytes }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) {
    take(line, now: now, realtime: realtime, bootTime: shipper.bootTime(at: realtime))
  }

  /// - Parameter bootTime: when this boot began by the clock that told `realtime`; nil: it was told in another boot.
  func take(_ line: LineReader.Line, now: Int64, realtime: Int64, bootTime: Int64?) {
    var bytes = line.bytes
    if line.terminator == .lineFeed, bytes.last == UInt8(ascii: "\r") { bytes = bytes.part(0..<bytes.count - 1) }
    // The service takes no empty message.
    guard !bytes.isEmpty else { return }
    if line.terminator == .cut, !isInsideLine { shipper.counters.split += 1 }
    isInsideLine = line.terminator == .cut
    let stamp = stampClock.stamp(Clock.Reading(realtime: realtime, sinceBoot: realtime &- (bootTime ?? realtime)))
    let stampedBy = bootTime.map { _ in EventClock(bootTime: stamp.bootTime, isStamp: true) }
    let (timestamp, clock) = shipper.mended(stamp.realtime, stampedBy, now: now)
    let checkpoint = progress?.current
    let isTaken = shipper.add(to: stream, checkpoint: checkpoint, clock: clock, now: now, timestamp: timestamp) {
      $0.add(timestamp: timestamp, raw: bytes)
    }
    if isTaken { return }
    // Each byte that is not UTF-8 becomes three, which can be too many for one event.
    scratch.removeAll()
    JSONText.appendEscaped(bytes, to: scratch)
    shipper.addInParts(to: stream, checkpoint: checkpoint, clock: clock, now: now, timestamp: timestamp, escaped: scratch.bytes)
    scratch.removeAll()
    scratch.shrink(to: 1 << 16)
  }

  func problemAtEnd() -> CommandError? { nil }
}
