internal import AWS
internal import Config
internal import Unix

/// Streams that take nothing: what is done about them, so that one of them does not hold up the others.
extension Shipper {
  /// After this a refused stream is tried again: a policy that is mended takes a while to spread.
  private static let refusalPause: Int64 = 60_000_000_000
  /// A stream that fails for so long while others succeed, and keeps their events from being read, is quarantined.
  private static let failureTimeout: Int64 = 10_000_000_000
  /// After an outage streams recover one after the other: only one that goes on failing is at fault itself.
  private static let failuresOfItsOwn = 2
  /// How much may be kept of streams that take nothing, to try them again with; as much again for single events of them.
  private static let maximumProbes = 4 << 20
  /// A stream with more requests than this waiting, for so long although requests succeed, takes the memory and the time of all: its
  /// events fit into few requests each.
  private static let longestQueue = 64
  private static let queueTimeout: Int64 = 5_000_000_000
  /// How much of the memory such a stream keeps, and when what was left out may come again: by then this run was a healthy one.
  private static let share = maximumBuffered / 4
  private static let queuePause: Int64 = 300_000_000_000
  /// How often streams are looked at when memory is nearly full.
  private static let lookInterval: Int64 = 100_000_000
  /// Until another run has to try, if nothing could be kept.
  private static let rewindPause: Int64 = 600_000_000_000

  // The service does not let us write here. What can be read again is left out until it does; the rest is counted.
  func close(_ stream: LogStream, _ error: AWSError) {
    let batch = stream.underWay
    stream.underWay = nil
    stream.creations = 0
    let isNew = stream.blockage == nil
    if isNew { onRefusal?("\(stream.destination.group) \(stream.destination.stream): \(error.message)") }
    var blockage = stream.blockage ?? LogStream.Blockage(until: 0)
    blockage.refusal = error
    blockage.until = clock() + Self.refusalPause
    if let batch {
      note(error, batch)
      discharge(batch)
      if batch.canRewind { blockage.probe = keepProbe(batch, stream) }
      if blockage.probe !== batch, countLeftOut(batch) {
        blockage.hasLeftOut = true
        if blockage.probe == nil { blockage.until += Self.rewindPause }
      }
    }
    stream.blockage = blockage
    if isNew { blockedStreams.append(stream) }
    leaveOutWaiting(stream)
  }

  // The whole batch if there is room for it, else its first event (which comes once more then), or nothing.
  private func keepProbe(_ batch: EventBatch, _ stream: LogStream) -> EventBatch? {
    let fits = probesSize + batch.body.count <= Self.maximumProbes
    let probe = fits ? batch : batch.part(0..<1, stream.destination)
    guard probesSize + probe.body.count <= 2 * Self.maximumProbes else { return nil }
    probesSize += probe.body.count
    return probe
  }

  private func leaveOutWaiting(_ stream: LogStream) {
    let batches = stream.waiting + stream.open
    stream.waiting = []
    leaveOut(batches, stream)
  }

  private func leaveOut(_ batches: [EventBatch], _ stream: LogStream) {
    if !stream.open.isEmpty { removeFromFilling(stream) }
    stream.open = []
    for batch in batches {
      if countLeftOut(batch) { stream.blockage?.hasLeftOut = true }
      release(batch)
    }
  }

  // Counts the events of a batch that cannot be read again; true if some are left out that come again.
  private func countLeftOut(_ batch: EventBatch) -> Bool {
    let leftOut = batch.leaveOut()
    counters.refused += batch.count - leftOut
    return leftOut > 0
  }

  // Whether an event for a blocked stream may go on its way: no batch waits to try the stream with, and it is time.
  func isPassable(_ stream: LogStream, now: Int64) -> Bool {
    guard let blockage = stream.blockage, blockage.refusal != nil, blockage.probe == nil, !blockage.hasLeftOut, stream.underWay == nil,
      now >= blockage.until
    else { return false }
    remove(stream)
    return true
  }

  func probe(_ stream: LogStream, now: Int64) {
    guard let blockage = stream.blockage, now >= blockage.until, stream.underWay == nil else { return }
    guard blockage.refusal != nil else { return unblock(stream) }
    guard let batch = blockage.probe else {
      // There was no room to keep anything; another run tries it.
      if blockage.hasLeftOut { needsRewind = stream.destination }
      return
    }
    stream.blockage?.probe = nil
    probesSize -= batch.body.count
    charge(batch)
    stream.underWay = batch
    put(batch, stream)
  }

  /// When `probe` has something to do next.
  var nextProbe: Int64? {
    let due = blockedStreams.lazy.filter { stream in
      guard let blockage = stream.blockage, stream.underWay == nil else { return false }
      return blockage.probe != nil || blockage.hasLeftOut
    }
    return due.compactMap(\.blockage?.until).min()
  }

  func unblock(_ stream: LogStream) {
    // What it has kept goes first.
    guard let blockage = stream.blockage, stream.isIdle, blockage.refusal != nil || clock() >= blockage.until else { return }
    if blockage.hasLeftOut { needsRewind = stream.destination }
    remove(stream)
  }

  private func remove(_ stream: LogStream) {
    stream.blockage = nil
    blockedStreams.removeAll { $0 === stream }
  }

  // One stream must not hold up the others: when memory is full of its events, and others are accepted, it is quarantined.
  func quarantine(now: Int64) {
    guard now - lastLook >= Self.lookInterval else { return }
    lastLook = now
    for stream in streams.values where stream.blockage == nil {
      let name = "\(stream.destination.group) \(stream.destination.stream)"
      if isFull, isFailing(stream, now: now), stream.batches.allSatisfy(\.canRewind) {
        onRefusal?("\(name) takes nothing while others do; its events wait where they came from")
        begin(LogStream.Blockage(refusal: nil, until: 0), stream)
        leaveOutWaiting(stream)
      } else if isSlow(stream, now: now), stream.batches.allSatisfy(\.canRewind) {
        onRefusal?("\(name) needs more requests than others have to wait for; its events wait where they came from")
        begin(LogStream.Blockage(refusal: nil, until: now + Self.queuePause), stream)
        leaveOutAllButItsShare(stream)
      }
    }
  }

  private func begin(_ blockage: LogStream.Blockage, _ stream: LogStream) {
    stream.blockage = blockage
    blockedStreams.append(stream)
  }

  private func isFailing(_ stream: LogStream, now: Int64) -> Bool {
    guard let since = stream.failingSince, now - since >= Self.failureTimeout else { return false }
    return failsAlone(stream)
  }

  func failsAlone(_ stream: LogStream) -> Bool { stream.failuresWhileOthersSucceed >= Self.failuresOfItsOwn }

  // After an outage all queues are old.
  private func isSlow(_ stream: LogStream, now: Int64) -> Bool {
    guard let healthySince, let oldest = stream.waiting.first, stream.waiting.count > Self.longestQueue else { return false }
    return now - max(healthySince, oldest.sealed) >= Self.queueTimeout
  }

  private func leaveOutAllButItsShare(_ stream: LogStream) {
    var kept = 0
    let end = stream.waiting.firstIndex { batch in
      kept += batch.charged
      return kept > Self.share
    }
    let batches = stream.waiting[(end ?? stream.waiting.endIndex)...] + stream.open
    stream.waiting.removeSubrange((end ?? stream.waiting.endIndex)...)
    leaveOut(Array(batches), stream)
  }
}
