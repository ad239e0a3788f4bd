internal import Config
internal import Records
internal import Unix

/// Each line is a log record.
///
/// Events of a source that gives positions are sent once a position behind them has come: if the writer died before, they would come
/// again.
final class RecordLogInput: LogInput {
  private let shipper: Shipper
  private let store: PositionStore?
  private let destination: (_ source: String) throws -> Destination
  private let scratch = ByteBuffer()
  private var records: Int64 = 0
  private var announcedEnd: Int64?
  private var hasWarned = false
  private var isInsideLongLine = false
  private var sources: [[UInt8]: Source] = [:]
  private var last: Source?
  private var idleStaged: [StagedEvents] = []
  /// The number of sources at which the next sweep forgets those without a record since the last one.
  private var sweepSize = smallestSweep
  private var sweeps = 0
  private var stagedSize = 0

  private static let smallestSweep = 256
  /// Bytes of events that may wait for positions; more are sent before their position comes. `cw-tail` gives one every 32 KiB.
  private static let maximumStaged = 8 << 20

  /// What is known of one source.
  private final class Source {
    let name: [UInt8]
    let progress: SourceProgress
    /// Where events go whose records name no group or stream; nil until the first one.
    var stream: LogStream?
    /// Where the others go, by the group and stream of their records.
    var others: [Route: LogStream] = [:]
    var givesPositions: Bool
    /// The clock that stamps its events, by the latest record that tells it.
    private var clock: RecordClock?
    /// The same clock, as it was told first since it was set.
    private var firstClock: RecordClock?
    var staged: [(stream: LogStream, staged: StagedEvents)] = []
    /// The last sweep before it had something.
    var lastUse = 0

    init(_ name: [UInt8], _ progress: SourceProgress) {
      self.name = name
      self.progress = progress
      // The position is one of an earlier run, or of before a sweep.
      givesPositions = progress.hasPosition
      if givesPositions { progress.canRewind = true }
    }

    deinit { progress.letGo() }

    var isIdle: Bool { staged.isEmpty && progress.isIdle && !progress.hasChanged }

    func note(_ clock: RecordClock?) {
      self.clock = clock
      if clock?.wasSet(since: firstClock) ?? true { firstClock = clock }
    }

    /// The clock of an event. Each reading tells another boot time by a few milliseconds: times that lines tell have the first one's, so
    /// that they keep their order when they are mended.
    func clock(of timestamp: Int64) -> EventClock? {
      guard let clock, var result = EventClock(clock, of: timestamp, boot: BootIdentity.current) else { return nil }
      if !result.isStamp, let firstClock { result.bootTime = firstClock.reading.bootTime }
      return result
    }
  }

  /// The group and stream that a record names, as their bytes.
  private struct Route: Hashable {
    var group: [UInt8]?
    var stream: [UInt8]?
  }

  /// - Parameters:
  ///   - store: where positions are kept, if they are.
  ///   - destination: where a source's events go, as far as the record itself does not say.
  init(_ shipper: Shipper, store: PositionStore? = nil, destination: @escaping (_ source: String) throws -> Destination) {
    self.shipper = shipper
    self.store = store
    self.destination = destination
  }

  var hasOneStream: Bool { false }
  var maximumLineLength: Int { LogRecord.maximumLineLength }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) {
    switch line.terminator {
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
    case .end(let count):
      announcedEnd = count
      // A whole stream needs no position to be whole.
      if count == records { for source in sources.values { send(source, now: now) } }
    case .record(let record):
      records += 1
      let source = source(record.source)
      if let clock = record.clock { source.note(RecordClock(clock)) }
      if record.isGap { source.progress.countGap() }
      take(record, of: source, now: now)
      if let position = record.position { commit(source, position, now: now) }
    }
  }

  private func take(_ record: LogRecord, of source: Source, now: Int64) {
    guard let message = record.message, record.messageLength > 0, let timestamp = record.timestamp, !source.progress.isFrozen else {
      return
    }
    // The service refuses a whole request for one such event.
    guard timestamp >= 0 else { return refuse("a timestamp before 1970") }
    guard let stream = stream(of: record, source) else { return refuse("no usable group or stream") }
    let length = record.messageLength
    let clock = source.clock(of: timestamp)
    guard source.givesPositions else {
      return add(to: stream, of: source, now: now, timestamp: timestamp, clock: clock, escaped: message, length: length)
    }
    let staged = staged(of: source, for: stream)
    let before = staged.footprint
    staged.add(timestamp: timestamp, clock: clock, escaped: message, length: length)
    stagedSize += staged.footprint - before
    if stagedSize > Self.maximumStaged { for source in sources.values { send(source, now: now) } }
  }

  private func add(
    to stream: LogStream, of source: Source, now: Int64, timestamp told: Int64, clock toldBy: EventClock?,
    escaped message: UnsafeRawBufferPointer, length: Int
  ) {
    let checkpoint = source.progress.current
    let (timestamp, clock) = shipper.mended(told, toldBy, now: now)
    let isTaken = shipper.add(to: stream, checkpoint: checkpoint, clock: clock, now: now, timestamp: timestamp) {
      $0.add(timestamp: timestamp, escaped: message, length: length)
    }
    if isTaken { return }
    shipper.counters.split += 1
    shipper.addInParts(to: stream, checkpoint: checkpoint, clock: clock, now: now, timestamp: timestamp, escaped: message)
  }

  private func commit(_ source: Source, _ position: UnsafeRawBufferPointer, now: Int64) {
    if !source.givesPositions {
      source.givesPositions = true
      source.progress.canRewind = store != nil
      store?.begin()
    }
    send(source, now: now)
    source.progress.commit(position)
  }

  private func staged(of source: Source, for stream: LogStream) -> StagedEvents {
    if let known = source.staged.first(where: { $0.stream === stream }) { return known.staged }
    let staged = idleStaged.popLast() ?? StagedEvents()
    stagedSize += staged.footprint
    source.staged.append((stream, staged))
    return staged
  }

  private func send(_ source: Source, now: Int64) {
    for (stream, staged) in source.staged {
      stagedSize -= staged.footprint
      shipper.makeRoom(for: staged, in: stream)
      staged.drain { add(to: stream, of: source, now: now, timestamp: $0, clock: $1, escaped: $2, length: $3) }
      if idleStaged.count < 4 { idleStaged.append(staged) }
    }
    source.staged.removeAll(keepingCapacity: true)
  }

  // Names come and go; what is stored of a source is known when it comes again.
  private func sweep() {
    guard let store else { return }
    for source in sources.values where source.lastUse < sweeps && source.isIdle {
      sources[source.name] = nil
      store.release(source.progress)
    }
    shipper.forgetIdle(besides: sources.values.lazy.flatMap { [$0.stream].compactMap { $0 } + $0.others.values })
    sweeps += 1
    sweepSize = max(Self.smallestSweep, 2 * sources.count)
  }

  func problemAtEnd() -> CommandError? {
    guard let announcedEnd else {
      return CommandError(.upstreamBroke, "the input ended without {\"end\":N}; what wrote it has died, look at its messages")
    }
    guard announcedEnd == records else {
      return CommandError(.upstreamBroke, "the input announced \(announcedEnd) records and had \(records)")
    }
    return nil
  }

  private func source(_ name: UnsafeRawBufferPointer) -> Source {
    if let last, last.name.withUnsafeBytes({ $0.equals(name) }) { return last }
    let key = Array(name)
    let source = sources[key] ?? add(key)
    source.lastUse = sweeps
    last = source
    return source
  }

  private func add(_ name: [UInt8]) -> Source {
    if sources.count >= sweepSize { sweep() }
    let source = Source(name, store?.progress(of: name) ?? SourceProgress(source: name))
    sources[name] = source
    return source
  }

  private func stream(of record: LogRecord, _ source: Source) -> LogStream? {
    if record.group == nil, record.stream == nil, let stream = source.stream { return stream }
    let route = Route(group: record.group.map { Array($0) }, stream: record.stream.map { Array($0) })
    if let stream = source.others[route] { return stream }
    guard var target = try? destination(text(record.source)) else { return nil }
    if let group = record.group { target.group = text(group) }
    if let stream = record.stream { target.stream = text(stream) }
    guard NameRules.isGroupName(target.group), NameRules.isStreamName(target.stream) else { return nil }
    let stream = shipper.stream(target)
    if record.group == nil, record.stream == nil {
      source.stream = stream
    } else {
      source.others[route] = stream
    }
    return stream
  }

  private func text(_ bytes: UnsafeRawBufferPointer) -> String {
    scratch.removeAll()
    JSONText.appendUnescaped(bytes, to: scratch)
    return scratch.text
  }

  private func refuse(_ reason: String) {
    shipper.counters.invalid += 1
    guard !hasWarned else { return }
    hasWarned = true
    Messages.warning("a line is no log record (\(reason)); such lines are counted and not sent")
  }
}
