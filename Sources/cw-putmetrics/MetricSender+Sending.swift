internal import AWS
internal import Delivery
internal import Records
internal import Unix

extension MetricSender {
  /// The calls for a part of the queue, sent one after the other. Until all have ended, the part is marked: a run that is killed meanwhile
  /// must not be followed by one that sends them again.
  final class Group {
    var calls: [DatumBatch]
    let end: Spool.Cursor
    /// Whether there was more in the queue than is sent here.
    let leavesMore: Bool
    /// Whether something of it was accepted, refused, or may have been accepted.
    var hasEnded = false

    init(_ calls: [DatumBatch], end: Spool.Cursor, leavesMore: Bool) {
      (self.calls, self.end, self.leavesMore) = (calls, end, leavesMore)
    }
  }

  /// When calls were tried, monotonic, and when the next may be.
  struct Attempts {
    var lastCall = Int64.min / 2
    var lastSuccess = Int64.min / 2
    var notBefore = Int64.min / 2
    var failed = 0
    var failingSince: Int64?
    /// Whether the last group has left something that is due.
    var hasMore = false
    /// Whether it is unknown if the service takes anything: as little as possible is risked then.
    var isProbing = false
  }

  private static let maximumSamples = 50_000

  func sendGroup(now: Int64) {
    queue.rewind()
    attempt.lastCall = now
    guard let group = nextGroup() else {
      attempt.hasMore = false
      return progress.endedGroup(leavesMore: false)
    }
    self.group = group
    sendNextCall()
  }

  private func nextGroup() -> Group? {
    var folding = MetricFolding(storageResolution: options.storageResolution)
    var end = queue.position
    var leavesMore = false
    let now = serviceTime()
    progress.beganGroup()
    while let bytes = queue.next() {
      let count = MetricBlock.count(in: bytes)
      if folding.count > 0 {
        leavesMore = attempt.isProbing || folding.count + count > CloudWatch.Limit.metricsPerCall
        if leavesMore || folding.samples + count > Self.maximumSamples {
          leavesMore = true
          break
        }
      }
      let records = (MetricBlock.records(in: bytes) ?? []).filter { !DatumRules.isTooOld($0, now: now) }
      for record in records {
        progress.sends(record.timestamp)
        folding.add(record)
      }
      if count > records.count { drop(count - records.count) }
      end = queue.position
      // What is too old is done with at once.
      if folding.count == 0 { queue.acknowledge(upTo: end) }
    }
    guard folding.count > 0 else {
      // What cannot be read any more is not waited for.
      queue.acknowledge(upTo: queue.position)
      return nil
    }
    return Group(DatumBatch.batches(of: folding.folded), end: end, leavesMore: leavesMore)
  }

  private func drop(_ count: Int) {
    if progress.expired == 0 {
      Messages.warning("metrics have waited for longer than the two weeks that CloudWatch takes; they are dropped")
    }
    progress.expired += count
  }

  private func sendNextCall() {
    guard let group else { return }
    guard let call = group.calls.first else { return finish(group) }
    var request = CloudWatch.putMetricData(body: call.body)
    request.isTriedOnce = true
    request.willSend = { [unowned self] in mark(group) }
    client.start(request) { [unowned self] result in ended(result, group) }
  }

  private func mark(_ group: Group) -> Bool {
    do {
      try queue.mark(upTo: group.end)
      return true
    } catch {
      let reason = (error as? any Failure)?.message ?? "\(error)"
      fail(CommandError(.cannotWrite, "what is being sent cannot be noted: \(reason); nothing is sent twice, so nothing is sent"))
      return false
    }
  }

  private func ended(_ result: Result<AWSResponse, AWSError>, _ group: Group) {
    guard let call = group.calls.first else { return }
    switch result {
    case .success:
      progress.requests += 1
      progress.delivered += call.records
      status.accepted(call.records, at: serviceTime())
      attempt.failed = 0
      (attempt.failingSince, attempt.isProbing) = (nil, false)
      attempt.lastSuccess = clock()
      endedCall(of: group)
      sendNextCall()
    case .failure(let error) where error.mayHaveBeenAccepted:
      progress.uncertain += call.records
      status.uncertain += call.records
      Messages.warning(
        "\(call.records) metrics may or may not have arrived and are not sent again, which could count them twice: \(error.message)")
      endedCall(of: group)
      attempt.isProbing = true
      pause(group, error, milliseconds: pauseBeforeOthers(error))
    case .failure(let error):
      switch error.kind {
      case .refused, .tooLarge: split(call, group, error)
      default:
        guard failure == nil else { return }
        guard let pause = options.retryPolicy.pause(afterAttempts: attempt.failed + 1, error, random: .random(in: 0..<1)) else {
          return give(up: group, error)
        }
        self.pause(group, error, milliseconds: pause)
        report(error, attempt.failed, pause)
      }
    }
  }

  private func endedCall(of group: Group) {
    group.calls.removeFirst()
    group.hasEnded = true
  }

  // One bad metric: halves of halves, until it is alone.
  private func split(_ call: DatumBatch, _ group: Group, _ error: AWSError) {
    if call.count > 1 {
      let (first, second) = call.halves()
      group.calls.replaceSubrange(0..<1, with: [first, second])
    } else {
      if let metric = call.content.first { refuse("\(metric.record.title): \(error.message)", records: metric.records) }
      endedCall(of: group)
    }
    sendNextCall()
  }

  private func finish(_ group: Group) {
    queue.acknowledge(upTo: group.end)
    queue.rewind()
    queue.turn(now: clock())
    self.group = nil
    attempt.hasMore = group.leavesMore
    progress.endedGroup(leavesMore: group.leavesMore)
  }

  // Whatever was lost, the next attempt is for something else, so it comes however few attempts there may be.
  private func pauseBeforeOthers(_ error: AWSError) -> Int64 {
    let policy = RetryPolicy(maximumAttempts: nil, repeatsUncertain: true)
    return policy.pause(afterAttempts: attempt.failed + 1, error, random: .random(in: 0..<1)) ?? 1000
  }

  // Nothing is under way any more; what has not ended is sent after a pause.
  private func pause(_ group: Group, _ error: AWSError, milliseconds: Int64) {
    attempt.failed += 1
    attempt.failingSince = attempt.failingSince ?? clock()
    status.failed(error.message, at: Clock.realtimeMilliseconds())
    attempt.notBefore = clock() + milliseconds * 1_000_000
    release(group)
    attempt.hasMore = true
  }

  private func give(up group: Group, _ error: AWSError) {
    status.failed(error.message, at: Clock.realtimeMilliseconds())
    release(group)
    fail(error)
  }

  // A part of the queue is marked, or it is not: what is left of one of which a part has ended waits again, as records of its own.
  private func release(_ group: Group) {
    if group.hasEnded {
      putBack(group.calls)
      finish(group)
    } else {
      self.group = nil
      queue.unmark()
      queue.rewind()
    }
  }
}

extension MetricRecord {
  /// What a person looks for it by.
  fileprivate var title: String {
    let dimensions = dimensions.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    return "\(namespace ?? "") \(name)\(dimensions.isEmpty ? "" : " {\(dimensions)}")"
  }
}
