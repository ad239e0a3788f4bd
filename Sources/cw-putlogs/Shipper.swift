internal import AWS
internal import Config
internal import Records
internal import Unix

/// Brings events to CloudWatch Logs: batches them by stream, makes groups and streams where they are missing, and sends,
/// all streams in parallel and each in order.
final class Shipper {
  /// How much may wait in memory, in bytes that the batches hold; beyond it no more input should be read.
  static let maximumBuffered = 4 << 20
  /// How many days' events of one stream are collected at once: the service takes events of no more days.
  private static let maximumDays = 16

  static let notFound = "ResourceNotFoundException"
  /// The service refuses a whole request for one bad event; halving finds it. (A proxy's limit is found likewise.)
  private static let codesOfBadEvents: Set = ["InvalidParameterException", "SerializationException", "ValidationException"]

  /// Called with what a person should know.
  var warn: (String) -> Void = Messages.warning
  /// Called with a sentence about a stream that the service does not let us write.
  var onRefusal: ((String) -> Void)?
  /// Called before a request goes out, when all that the one before has moved is known.
  var onSend: (() -> Void)?

  let client: any AWSClient
  let clock: () -> Int64
  let wallClock: () -> Clock.Reading
  /// When this boot began, as it is told; milliseconds since the epoch.
  var knownBootTime: Int64?
  var lastTimes: (now: Int64, times: EventTimes)?
  var lastBootTime: (realtime: Int64, value: Int64)?
  private let intervalNanoseconds: Int64
  let groups: (String) -> Configuration.GroupSettings
  private(set) var streams: [Destination: LogStream] = [:]
  private var hasForgotten = false
  var filling: [LogStream] = []  // those with an open batch, the oldest first
  private var idleBatches: [EventBatch] = []
  var retentionDone: Set<String> = []
  /// Streams that were made a moment ago, and when their request goes out again (monotonic nanoseconds).
  var paused: [(stream: LogStream, until: Int64)] = []
  private(set) var buffered = 0
  var counters = Counters()
  /// Why nothing is delivered any more: no credentials, or the end of a timeout.
  var failure: AWSError?

  /// A stream takes events again of which some were left out: they come again in another run.
  var needsRewind: Destination?
  private(set) var lastSuccess = Int64.min
  /// Since when requests succeed, except those of streams that fail alone; nil: others fail.
  private(set) var healthySince: Int64?
  /// Bytes of the batches that blocked streams are tried again with.
  var probesSize = 0
  var blockedStreams: [LogStream] = []
  /// When `quarantine` last looked for a stream that holds up the others.
  var lastLook = Int64.min / 2

  /// - Parameters:
  ///   - interval: seconds after which a batch is sent that is not full.
  ///   - groups: what a group of a name is made with.
  ///   - clock: monotonic, in nanoseconds.
  ///   - wallClock: of this machine, right or wrong.
  init(
    _ client: any AWSClient, interval: Double,
    groups: @escaping (_ name: String) -> Configuration.GroupSettings = { _ in Configuration.GroupSettings() },
    clock: @escaping () -> Int64 = Clock.monotonicNanoseconds, wallClock: @escaping () -> Clock.Reading = Clock.reading
  ) {
    self.client = client
    self.clock = clock
    self.wallClock = wallClock
    intervalNanoseconds = Int64(min(max(interval, 0), 1e6) * 1e9)
    self.groups = groups
  }

  func stream(_ destination: Destination) -> LogStream {
    if let stream = streams[destination] { return stream }
    let stream = LogStream(destination)
    streams[destination] = stream
    return stream
  }

  /// Forgets streams for which nothing is to be done: they are made again when events for them come.
  func forgetIdle(besides used: some Sequence<LogStream>) {
    let used = Set(used.lazy.map { ObjectIdentifier($0) })
    let before = streams.count
    streams = streams.filter { !$0.value.isIdle || $0.value.blockage != nil || used.contains(ObjectIdentifier($0.value)) }
    if streams.count < before { hasForgotten = true }
  }

  var isFull: Bool { buffered >= Self.maximumBuffered }
  /// Whether everything that was added has ended one way or the other.
  var isIdle: Bool { filling.isEmpty && client.pendingCount == 0 && paused.isEmpty }
  /// Events that are neither delivered nor refused.
  var undelivered: Int { streams.values.reduce(0) { $0 + $1.count } }
  /// The one reason, if all streams that there are have been refused for the same.
  var refusalOfAll: AWSError? {
    guard !hasForgotten, streams.values.allSatisfy({ $0.blockage?.refusal != nil }) else { return nil }
    return anyRefusal
  }
  /// Since when some stream's requests have failed, all of them.
  var failingSince: Int64? { streams.values.lazy.compactMap(\.failingSince).min() }
  var anyRefusal: AWSError? { blockedStreams.lazy.compactMap(\.blockage?.refusal).first }

  // MARK: - taking events

  /// Takes an event: `add` puts it into a batch, and is asked again with a fresh one if the first is full.
  /// - Parameters:
  ///   - checkpoint: what waits for its end.
  ///   - eventClock: the clock that told its time; nil: unknown.
  ///   - timestamp: the time of the event, by the day of which it is collected.
  /// - Returns: false if the event is too long for any batch; nothing was taken then.
  func add(
    to stream: LogStream, checkpoint: SourceProgress.Checkpoint? = nil, clock eventClock: EventClock? = nil, now: Int64, timestamp: Int64,
    _ add: (EventBatch) -> EventBatch.Outcome
  ) -> Bool {
    if stream.blockage != nil, !isPassable(stream, now: now) {
      if let checkpoint, checkpoint.progress.canRewind {
        checkpoint.progress.freeze(checkpoint)
        stream.blockage?.hasLeftOut = true
      } else {
        counters.refused += 1
        checkpoint?.progress.count(delivered: 0, refused: 1)
      }
      return true
    }
    let day = EventBatch.day(of: timestamp)
    while true {
      let batch = openBatch(stream, day: day, now: now)
      switch add(batch) {
      case .added:
        batch.note(eventClock)
        if let checkpoint { batch.assign(to: checkpoint) }
        charge(batch)
        return true
      case .full: sealFull(stream)
      case .tooLong:
        if batch.isEmpty { discard(batch, stream) }
        return false
      }
    }
  }

  /// Adds an event that is longer than an event may be, as several with the same timestamp, each cut at a character.
  func addInParts(
    to stream: LogStream, checkpoint: SourceProgress.Checkpoint? = nil, clock: EventClock? = nil, now: Int64, timestamp: Int64,
    escaped: UnsafeRawBufferPointer
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

  /// Counts what a batch holds now.
  func charge(_ batch: EventBatch) {
    let footprint = batch.footprint
    buffered += footprint - batch.charged
    batch.charged = footprint
  }

  func discharge(_ batch: EventBatch) {
    buffered -= batch.charged
    batch.charged = 0
  }

  /// Lets a request end where a position stands, as far as events fit: what is accepted in it then never comes again.
  func makeRoom(for staged: StagedEvents, in stream: LogStream) {
    if !stream.open.allSatisfy({ $0.hasRoom(for: staged) }) { sealFull(stream) }
  }

  /// Sends the batches that have waited for the interval. `now` is monotonic, in nanoseconds.
  func sendDue(now: Int64) {
    for stream in blockedStreams { probe(stream, now: now) }
    goOn(now: now)
    if buffered >= Self.maximumBuffered / 4 * 3 { quarantine(now: now) }
    while let first = filling.first, now - first.openSince >= intervalNanoseconds {
      first.fillsBatches = false
      seal(first)
    }
    // Many streams can fill the memory before one of them fills a batch.
    if isFull, client.pendingCount == 0 { sendAll() }
  }

  /// Sends all that is there.
  func sendAll() { while let first = filling.first { seal(first) } }

  /// When `sendDue` has something to do next.
  var nextDue: Int64? {
    let pause = paused.lazy.map(\.until).min()
    return [filling.first.map { $0.openSince + intervalNanoseconds }, nextProbe, pause].compactMap { $0 }.min()
  }

  private func openBatch(_ stream: LogStream, day: Int64, now: Int64) -> EventBatch {
    if let batch = stream.open.last, batch.day == day { return batch }
    if let batch = stream.open.first(where: { $0.day == day }) { return batch }
    if stream.open.count >= Self.maximumDays { seal(stream) }
    if stream.open.isEmpty {
      stream.openSince = now
      filling.append(stream)
    }
    // Idle batches have grown, which few events do not need.
    let batch = (stream.fillsBatches ? idleBatches.popLast() : nil) ?? EventBatch()
    batch.begin(stream.destination, day: day)
    stream.open.append(batch)
    charge(batch)
    return batch
  }

  private func discard(_ batch: EventBatch, _ stream: LogStream) {
    stream.open.removeAll { $0 === batch }
    if stream.open.isEmpty { removeFromFilling(stream) }
    release(batch)
  }

  func removeFromFilling(_ stream: LogStream) {
    if let index = filling.firstIndex(where: { $0 === stream }) { filling.remove(at: index) }
  }

  private func sealFull(_ stream: LogStream) {
    stream.fillsBatches = true
    seal(stream)
  }

  private func seal(_ stream: LogStream) {
    sealOpen(stream)
    sendNext(stream)
  }

  /// Seals the batches of all days: a position moves when the events of each are accepted.
  func sealOpen(_ stream: LogStream) {
    guard !stream.open.isEmpty else { return }
    removeFromFilling(stream)
    let time = clock()
    for batch in stream.open {
      batch.seal()
      batch.sealed = time
      charge(batch)
    }
    stream.waiting += stream.open
    stream.open = []
  }

  func release(_ batch: EventBatch) {
    discharge(batch)
    if idleBatches.count < 3 { idleBatches.append(batch) }
  }

  // MARK: - sending

  /// Lets batches that have events of the one under way go next.
  func insert(_ parts: [EventBatch], _ stream: LogStream) {
    parts.forEach(charge)
    stream.waiting.insert(contentsOf: parts, at: 0)
  }

  func sendNext(_ stream: LogStream) {
    guard stream.underWay == nil, !stream.waiting.isEmpty else { return }
    let batch = stream.waiting.removeFirst()
    stream.underWay = batch
    put(batch, stream)
  }

  func put(_ given: EventBatch, _ stream: LogStream) {
    onSend?()
    let batch = mended(given, stream)
    client.start(
      CloudWatchLogs.putLogEvents(body: batch.body), onFailure: { [self] error in failing(error, batch, stream) }
    ) { [self] result in
      switch result {
      case .success(let response): accepted(response, batch, stream)
      case .failure(let error) where error.code == Self.notFound: make(stream, error)
      case .failure(let error) where hasNewTime(error, stream): put(batch, stream)
      case .failure(let error) where error.code == "DataAlreadyAcceptedException":
        accepted(AWSResponse(requestId: "", body: []), batch, stream)
      case .failure(let error): refused(error, batch, stream)
      }
    }
  }

  func failing(_ error: AWSError, _ batch: EventBatch, _ stream: LogStream) {
    let since = stream.failingSince ?? clock()
    stream.failingSince = since
    if lastSuccess > since { stream.failuresWhileOthersSucceed += 1 }
    if !failsAlone(stream) { healthySince = nil }
    note(error, batch)
  }

  func note(_ error: AWSError, _ batch: EventBatch) {
    let time = Clock.realtimeMilliseconds()
    for share in batch.shares { share.checkpoint.progress.note(error.message, time: time) }
  }

  private func accepted(_ response: AWSResponse, _ batch: EventBatch, _ stream: LogStream) {
    stream.creations = 0
    stream.corrections = 0
    stream.failingSince = nil
    stream.failuresWhileOthersSucceed = 0
    lastSuccess = clock()
    healthySince = healthySince ?? lastSuccess
    let rejected = CloudWatchLogs.rejected(response, count: batch.count)
    counters.requests += 1
    counters.delivered += batch.count - rejected.total
    let lost = retry(rejected, of: batch, stream)
    counters.refused += lost
    if lost > 0 {
      warn(
        "\(stream.destination.group) \(stream.destination.stream): CloudWatch rejected \(lost) of \(batch.count)"
          + " events (too old \(rejected.tooOld), older than the retention \(rejected.expired), too new \(rejected.tooNew))")
    }
    setRetention(stream.destination.group)
    finish(batch, stream, refused: lost)
    unblock(stream)
  }

  private func refused(_ error: AWSError, _ batch: EventBatch, _ stream: LogStream) {
    switch error.kind {
    case .refused, .tooLarge:
      if batch.count > 1, error.kind == .tooLarge || Self.codesOfBadEvents.contains(error.code) {
        let (first, second) = batch.halves(stream.destination)
        insert([first, second], stream)
        return finish(batch, stream, refused: 0)
      }
      counters.refused += batch.count
      note(error, batch)
      warn(
        "\(stream.destination.group) \(stream.destination.stream): \(batch.count) events refused: \(error.message)")
      finish(batch, stream, refused: batch.count)
    case .accessDenied:
      close(stream, error)
    default:
      failure = failure ?? error
      stream.underWay = nil
      stream.waiting.insert(batch, at: 0)
    }
  }

  private func finish(_ batch: EventBatch, _ stream: LogStream, refused: Int) {
    batch.acknowledge(refused: refused)
    stream.underWay = nil
    release(batch)
    sendNext(stream)
  }
}
