internal import Delivery
internal import Records
internal import Unix

/// Lines go into the spool, and from there to the feed: so they are sent in the order in which they came, those of earlier runs
/// first, and one that is delivered was stored before.
///
/// A record of the spool is the time at which the line was read (milliseconds since the epoch), how the line ended, the boot in which that
/// was and when it began by the same clock, which may be wrong, and the line's bytes. Records of earlier versions tell no boot.
final class SpoolingLogSender: Sender {
  private let shipper: Shipper
  private let logInput: PlainLogInput
  private let spool: Spool
  private let progress: SourceProgress
  private var hasUnread = true
  private var uncoveredEvents = 0
  private var lastCommitted: Spool.Cursor
  /// Since when the rest is to be brought to its end (monotonic nanoseconds).
  private var endBegan: Int64?

  /// A position is noted after so many events, so that what is repeated after a kill is little more than the request under way.
  private static let eventsBetweenPositions = 256

  init(_ shipper: Shipper, stream: LogStream, spool: Spool) {
    self.shipper = shipper
    self.spool = spool
    lastCommitted = spool.position
    progress = SourceProgress.settling(spool)
    // What the service does not let us write stays in the spool for the next run.
    progress.canRewind = true
    logInput = PlainLogInput(shipper, stream: stream, progress: progress)
  }

  var maximumLineLength: Int { logInput.maximumLineLength }
  var isFull: Bool { spool.isFull }
  var isIdle: Bool { !hasUnread && shipper.isIdle }

  var hasFailed: Bool {
    if shipper.failure != nil || shipper.refusalOfAll != nil { return true }
    return giveUpTime.map { shipper.clock() >= $0 } ?? false
  }

  // The next run goes on, so at the end nobody need wait for a service that does not answer; one that does is given its time.
  private var giveUpTime: Int64? {
    guard let endBegan else { return nil }
    let patience = max(endBegan, shipper.lastSuccess) + EventLoop.Timeout.whenToldToStop
    return shipper.failingSince.map { min(patience, max(endBegan, $0) + EventLoop.Timeout.withFailureOfWhatIsStored) } ?? patience
  }

  var nextDue: Int64? {
    if hasUnread, !shipper.isFull { return 0 }
    return [shipper.nextDue, spool.nextDue, giveUpTime].compactMap { $0 }.min()
  }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) {
    // Nothing is sent of it.
    guard !line.bytes.isEmpty else { return }
    spool.append { buffer in
      buffer.reserve(9).storeBytes(of: realtime.littleEndian, as: Int64.self)
      buffer.advance(8)
      guard let boot = BootIdentity.current else {
        buffer.append(byte: Self.code(line.terminator))
        return buffer.append(line.bytes)
      }
      buffer.append(byte: Self.code(line.terminator) | Self.tellsBoot)
      buffer.reserve(12).storeBytes(of: boot.littleEndian, as: UInt32.self)
      buffer.advance(4)
      buffer.reserve(8).storeBytes(of: shipper.bootTime(at: realtime).littleEndian, as: Int64.self)
      buffer.advance(8)
      buffer.append(line.bytes)
    }
    hasUnread = true
  }

  func didRead() { spool.flush() }

  func sendDue(now: Int64) {
    spool.flush()
    while !shipper.isFull, hasUnread { sendNext(now: now) }
    commit()
    // Nothing can come that would fill the batch.
    if !hasUnread, endBegan != nil || spool.isFull { shipper.sendAll() }
    shipper.sendDue(now: now)
    spool.turn(now: now)
  }

  func sendAll() {
    endBegan = endBegan ?? shipper.clock()
    shipper.sendAll()
  }

  private func sendNext(now: Int64) {
    guard let record = spool.next() else {
      hasUnread = false
      return
    }
    guard record.count > 9, let terminator = Self.terminator(record[8] & ~Self.tellsBoot) else { return }
    let realtime = Int64(littleEndian: record.loadUnaligned(as: Int64.self))
    var head = 9
    var bootTime: Int64?
    if record[8] & Self.tellsBoot != 0 {
      head += 12
      guard record.count > head else { return }
      let boot = UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 9, as: UInt32.self))
      if boot == BootIdentity.current { bootTime = Int64(littleEndian: record.loadUnaligned(fromByteOffset: 13, as: Int64.self)) }
    }
    let line = LineReader.Line(bytes: record.part(head..<record.count), terminator: terminator)
    logInput.take(line, now: now, realtime: realtime, bootTime: bootTime)
    uncoveredEvents += 1
    if uncoveredEvents >= Self.eventsBetweenPositions { commit() }
  }

  private func commit() {
    uncoveredEvents = 0
    guard spool.position != lastCommitted else { return }
    lastCommitted = spool.position
    withUnsafeBytes(of: lastCommitted) { progress.commit($0) }
  }

  // Beside the code of the ending.
  private static let tellsBoot: UInt8 = 4

  private static func code(_ terminator: LineReader.Terminator) -> UInt8 {
    switch terminator {
    case .lineFeed: 0
    case .cut: 1
    case .endOfInput: 2
    }
  }

  private static func terminator(_ code: UInt8) -> LineReader.Terminator? {
    switch code {
    case 0: .lineFeed
    case 1: .cut
    case 2: .endOfInput
    default: nil
    }
  }
}

extension SourceProgress {
  /// What is settled is settled in the spool.
  fileprivate static func settling(_ spool: Spool) -> SourceProgress {
    SourceProgress(SourceState(source: [], position: [], seen: 0)) { progress, _ in
      guard progress.state.position.count == MemoryLayout<Spool.Cursor>.size else { return }
      spool.acknowledge(upTo: progress.state.position.withUnsafeBytes { $0.loadUnaligned(as: Spool.Cursor.self) })
    }
  }
}
