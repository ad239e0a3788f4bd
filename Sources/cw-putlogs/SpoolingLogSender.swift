internal import Delivery
internal import Records
internal import Unix

/// Lines go into the spool, and from there to the shipper: so they are sent in the order in which they came, those of earlier runs
/// first, and a line that is delivered was stored before.
///
/// A record of the spool is the time at which the line was read (milliseconds since the epoch), how the line ended, the boot in which that
/// was and when it began by the same clock, which may be wrong, and the line's bytes. Records of earlier versions tell no boot.
final class SpoolingLogSender: Sender {
  private let shipper: Shipper
  private let logInput: PlainLogInput
  private let spool: Spool
  private let progress: SourceProgress
  private var hasUnread = true
  private var uncommittedEvents = 0
  private var lastCommitted: Spool.Cursor
  /// Since when the rest is to be brought to its end (monotonic nanoseconds).
  private var endBegan: Int64?

  /// A position is committed after so many events, so that what is repeated after a kill is little more than the request under way.
  private static let eventsBetweenPositions = 256
  // A record has the index of its terminator, and this bit if it tells the boot.
  private static let terminators: [LineReader.Terminator] = [.lineFeed, .cut, .endOfInput]
  private static let tellsBoot: UInt8 = 4

  init(_ shipper: Shipper, stream: LogStream, spool: Spool) {
    self.shipper = shipper
    self.spool = spool
    lastCommitted = spool.position
    progress = SourceProgress(source: [])
    // What the service does not let us write stays in the spool for the next run.
    progress.canRewind = true
    logInput = PlainLogInput(shipper, stream: stream, progress: progress)
    // What was accepted must not come again together with what goes out next.
    shipper.onSend = { spool.writeHint() }
  }

  var maximumLineLength: Int { logInput.maximumLineLength }
  var isFull: Bool { spool.isFull }
  var isIdle: Bool { !hasUnread && shipper.isIdle }

  var hasFailed: Bool {
    if shipper.failure != nil || shipper.refusalOfAll != nil { return true }
    return giveUpTime.map { shipper.clock() >= $0 } ?? false
  }

  // The next run goes on, so the end does not wait for a service that does not answer; one that does is given its time.
  private var giveUpTime: Int64? {
    guard let endBegan else { return nil }
    let timeout = max(endBegan, shipper.lastSuccess) + EventLoop.Timeout.whenToldToStop
    return shipper.failingSince.map { min(timeout, max(endBegan, $0) + EventLoop.Timeout.withFailureOfWhatIsStored) } ?? timeout
  }

  var nextDue: Int64? {
    if hasUnread, !shipper.isFull { return 0 }
    return [shipper.nextDue, spool.nextDue, giveUpTime].compactMap { $0 }.min()
  }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) {
    guard !line.bytes.isEmpty else { return }
    let boot = BootIdentity.current
    let code = UInt8(Self.terminators.firstIndex(of: line.terminator) ?? 0)
    spool.append { buffer in
      Self.append(realtime, to: buffer)
      buffer.append(byte: code | (boot == nil ? 0 : Self.tellsBoot))
      if let boot {
        Self.append(boot, to: buffer)
        Self.append(shipper.bootTime(at: realtime), to: buffer)
      }
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
    guard record.count > 9 else { return }
    let code = Int(record[8] & ~Self.tellsBoot)
    guard code < Self.terminators.count else { return }
    let realtime = Int64(littleEndian: record.loadUnaligned(as: Int64.self))
    var head = 9
    var bootTime: Int64?
    if record[8] & Self.tellsBoot != 0 {
      head += 12
      guard record.count > head else { return }
      let boot = UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 9, as: UInt32.self))
      if boot == BootIdentity.current { bootTime = Int64(littleEndian: record.loadUnaligned(fromByteOffset: 13, as: Int64.self)) }
    }
    let line = LineReader.Line(bytes: record.part(head..<record.count), terminator: Self.terminators[code])
    logInput.take(line, now: now, realtime: realtime, bootTime: bootTime)
    uncommittedEvents += 1
    if uncommittedEvents >= Self.eventsBetweenPositions { commit() }
  }

  private func commit() {
    uncommittedEvents = 0
    let position = spool.position
    guard position != lastCommitted else { return }
    lastCommitted = position
    progress.commit { [spool] _ in spool.acknowledge(upTo: position) }
  }

  private static func append<Number: FixedWidthInteger>(_ number: Number, to buffer: ByteBuffer) {
    buffer.reserve(Number.bitWidth / 8).storeBytes(of: number.littleEndian, as: Number.self)
    buffer.advance(Number.bitWidth / 8)
  }
}
