internal import AWS
internal import Unix

/// Times that this machine's clock has told wrongly: mended by the service's `Date` before they are sent, and once more if the service
/// has refused them for their times.
extension Shipper {
  /// How often in a row a request is made anew, because the service does not like the time at which it was signed.
  private static let maximumCorrections = 3

  /// The time with which an event is sent, and the clock that this time is by.
  /// - Parameter now: monotonic, in nanoseconds.
  func mended(_ timestamp: Int64, _ clock: EventClock?, now: Int64) -> (timestamp: Int64, clock: EventClock?) {
    guard let clock else { return (timestamp, nil) }
    if lastTimes?.now != now { lastTimes = (now, times()) }
    return lastTimes?.times.mended(timestamp, clock) ?? (timestamp, clock)
  }

  /// When this boot began by the clock that showed `realtime` a moment ago. The lines that are read together have the same.
  func bootTime(at realtime: Int64) -> Int64 {
    if let last = lastBootTime, last.realtime == realtime { return last.value }
    let value = wallClock().bootTime
    lastBootTime = (realtime, value)
    return value
  }

  // The service tells whole seconds, and the clocks are read one after the other, so the time of the boot differs a little with each
  // look. Times that are mended by different ones would change the order of lines: the first holds as long as it is right.
  private func times() -> EventTimes {
    let reading = wallClock()
    let offset = client.serviceOffset(at: reading)
    let told = reading.bootTime &+ (offset ?? 0)
    let bootTime = knownBootTime.flatMap { abs($0 &- told) <= EventTimes.tolerance ? $0 : nil } ?? told
    knownBootTime = bootTime
    return EventTimes(bootTime: bootTime, now: bootTime &+ reading.sinceBoot, isOfService: offset != nil)
  }

  /// The batch to send instead of this one: the same, or the first of those that have its events with better times.
  func mended(_ batch: EventBatch, _ stream: LogStream) -> EventBatch {
    guard let parts = batch.mended(times(), stream.destination), let first = parts.first else { return batch }
    insert(parts, stream)
    release(batch)
    stream.waiting.removeFirst()
    stream.underWay = first
    return first
  }

  /// Whether a request was refused for the time at which it was signed, and may be made anew.
  func hasNewTime(_ error: AWSError, _ stream: LogStream) -> Bool {
    guard error.kind == .clockSkew, stream.corrections < Self.maximumCorrections else { return false }
    stream.corrections += 1
    return true
  }

  /// Lets events that the service has refused for their times, and for which better ones are known, be sent with these.
  /// - Returns: how many are lost.
  func retry(_ rejected: CloudWatchLogs.Rejected, of batch: EventBatch, _ stream: LogStream) -> Int {
    guard rejected.total > 0 else { return 0 }
    let parts = batch.mendedRefused((rejected.tooOld + rejected.expired, rejected.tooNew), times(), stream.destination)
    insert(parts, stream)
    return rejected.total - parts.reduce(0) { $0 + $1.count }
  }
}
