internal import AWS
internal import Delivery
internal import Records
internal import Unix

/// Metric records on their way: checked, kept in a queue, and sent from there, the oldest first, one call at a time.
final class MetricSender: Sender {
  struct Options {
    /// Of records that have none.
    var namespace = "System/Default"
    /// Seconds between two calls, if there is nothing that has waited for longer.
    var interval = 10.0
    /// Whether the first call waits for the interval as well.
    var waitsAtFirst = true
    /// Whether as many records as a call may have are sent at once.
    var sendsFullCalls = true
    /// Whether what is taken outlives this process.
    var isDurable = false
    /// 60: high-resolution metrics are stored by the minute, too.
    var storageResolution: Int?
    /// The queue is asked again after each attempt what is to be sent.
    var retryPolicy = RetryPolicy(maximumAttempts: nil, repeatsUncertain: false)
  }

  let client: any AWSClient
  let queue: any RecordQueue
  let options: Options
  let clock: () -> Int64
  let serviceTime: () -> Int64
  let report: (AWSError, Int, Int64) -> Void
  /// Records about the delivery itself, which are sent with others.
  var ownRecords: () -> [MetricRecord] = { [] }

  private let block = MetricBlock()
  private var announcedEnd: Int64?
  private var isInsideLongLine = false
  private var reportedReasons: Set<String> = []
  private var taken: Int64 = 0
  private var hasTaken = false
  private var lastOwnRecords = Int64.min / 2
  private(set) var endBegan: Int64?
  /// Since when something waits; nil: nothing does, or all that does was under way when it came. Monotonic.
  private var since: Int64?
  var progress = Progress()
  var status = DeliveryStatus()
  /// Nil: nobody is told how delivery stands.
  var statusFile: StatusFile?
  var attempt = Attempts()
  var group: Group?

  /// - Parameters:
  ///   - queue: what is in it already is sent first.
  ///   - clock: monotonic, in nanoseconds.
  ///   - serviceTime: milliseconds since the epoch by the service's clock.
  ///   - report: called for each attempt that will be repeated: the error, the number of the attempt, the pause in milliseconds.
  init(
    _ client: any AWSClient, _ queue: any RecordQueue, _ options: Options, clock: @escaping () -> Int64 = Clock.monotonicNanoseconds,
    serviceTime: @escaping () -> Int64, report: @escaping (AWSError, Int, Int64) -> Void = { _, _, _ in }
  ) {
    (self.client, self.queue, self.options, self.clock) = (client, queue, options, clock)
    (self.serviceTime, self.report) = (serviceTime, report)
    attempt.lastCall = options.waitsAtFirst ? clock() : .min / 2
    if queue.waiting > 0 { since = .min / 2 }
  }

  // MARK: - taking

  var maximumLineLength: Int { MetricRecord.maximumLineLength }
  var isFull: Bool { queue.isFull }
  var isIdle: Bool { undelivered == 0 && group == nil }
  /// Metrics that are neither delivered nor given up.
  var undelivered: Int { queue.waiting + block.count }
  /// Whether the input ended as it should: with the number of its records.
  var isWhole: Bool { announcedEnd == taken }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) {
    // The rest of a line that is too long is no line of its own, whatever it looks like.
    if line.terminator == .cut || isInsideLongLine {
      if !isInsideLongLine { refuse(line: "longer than a megabyte") }
      isInsideLongLine = line.terminator == .cut
      return
    }
    // A killed writer leaves half a record, and half a number may look like a whole one.
    guard line.terminator == .lineFeed else {
      return refuse(line: "the input ended inside its line: a record counts with its line feed only")
    }
    switch MetricRecord.parse(line.bytes) {
    case .end(let count): announcedEnd = count
    case .invalid(let reason): refuse(line: reason)
    case .record(var record):
      taken += 1
      let namespace = record.namespace ?? options.namespace
      record.namespace = namespace
      if let validationError = DatumRules.validationError(of: record, namespace: namespace, now: serviceTime()) {
        refuse("\(record.name): \(validationError)")
      } else {
        add(record, now: now)
        hasTaken = true
      }
    }
  }

  private func add(_ record: MetricRecord, now: Int64) {
    since = since ?? now
    progress.took(record.timestamp)
    block.add(record)
    if block.isFull { storeBlock() }
  }

  // The writer has counted a line that is no record as one.
  private func refuse(line reason: String) {
    taken += 1
    refuse(reason)
  }

  /// Counts metrics as refused, and says why, once for each reason.
  func refuse(_ reason: String, records: Int = 1) {
    progress.refused += records
    status.refused(records, reason, at: Clock.realtimeMilliseconds())
    guard reportedReasons.count < 20, reportedReasons.insert(reason).inserted else { return }
    Messages.warning("a metric is refused and not sent: \(reason)")
  }

  func didRead() {
    if hasTaken { addOwnRecords() }
    hasTaken = false
    guard options.isDurable else { return }
    storeBlock()
    queue.flush()
  }

  // With what is sent anyway, and no more often: they are no reason for a call.
  private func addOwnRecords() {
    let now = clock()
    guard now - lastOwnRecords >= Int64(options.interval * 1e9) else { return }
    lastOwnRecords = now
    for var record in ownRecords() {
      record.namespace = record.namespace ?? options.namespace
      add(record, now: now)
    }
  }

  private func storeBlock() {
    guard !block.isEmpty else { return }
    queue.append(block.move)
  }

  /// Puts what of a group has not ended behind everything else.
  func putBack(_ calls: [DatumBatch]) {
    storeBlock()
    for metric in calls.flatMap(\.content) {
      block.add(metric.record)
      if block.isFull { storeBlock() }
    }
    storeBlock()
    queue.flush()
  }

  // MARK: - when to send

  var nextDue: Int64? { [sendDueTime, queue.nextDue, giveUpTime, statusFile?.due(status)].compactMap { $0 }.min() }

  private var sendDueTime: Int64? {
    guard group == nil, failure == nil, undelivered > 0 else { return nil }
    if endBegan != nil || attempt.hasMore || hasFullCall { return attempt.notBefore }
    // What is read together is sent together.
    let interval = Int64(options.interval * 1e9)
    return max(attempt.notBefore, attempt.lastCall + interval, (since ?? .min / 2) + min(interval, 1_000_000_000))
  }

  private var hasFullCall: Bool { options.sendsFullCalls && queue.waiting >= MetricBlock.maximumCount }

  func sendDue(now: Int64) {
    if let due = sendDueTime, now >= due {
      if endBegan != nil || !hasFullCall { storeBlock() }
      queue.flush()
      since = nil
      sendGroup(now: now)
    }
    queue.turn(now: now)
    tellStatus(now: now)
  }

  private func tellStatus(now: Int64) {
    status.waitingOnDisk = queue.waiting - queue.unstored
    status.waitingInMemory = undelivered - status.waitingOnDisk
    status.oldest = progress.oldest ?? 0
    status.dropped += queue.dropped + progress.expired - progress.toldDropped
    progress.toldDropped = queue.dropped + progress.expired
    statusFile?.write(status, now: now)
  }

  func sendAll() { endBegan = endBegan ?? clock() }

  // MARK: - the end

  private(set) var failure: (any Failure)?
  func fail(_ error: any Failure) { failure = error }

  var hasFailed: Bool { failure != nil || giveUpTime.map { clock() >= $0 } == true }

  // The next run goes on, so the end does not wait for a service that does not answer; one that does is given its time.
  private var giveUpTime: Int64? {
    guard options.isDurable, let endBegan else { return nil }
    let timeout = max(endBegan, attempt.lastSuccess) + EventLoop.Timeout.whenToldToStop
    return attempt.failingSince.map { min(timeout, max(endBegan, $0) + EventLoop.Timeout.withFailureOfWhatIsStored) } ?? timeout
  }

  /// Leaves to the next run what waits, and tells how things stand.
  func close() {
    storeBlock()
    queue.close()
    tellStatus(now: .max)
  }
}
