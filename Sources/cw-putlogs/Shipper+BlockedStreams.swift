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
      if batch.canRewind { blockage.probes = keepProbes(batch, stream) }
      if blockage.probes.first !== batch, countLeftOut(batch) {
        blockage.hasLeftOut = true
        if blockage.probes.isEmpty { blockage.until += Self.rewindPause }
      }
    }
    stream.blockage = blockage
    if isNew { blockedStreams.append(stream) }
    leaveOutWaiting(stream, from: 0)
  }

  // The batch, and those that must not be left out if it is accepted, if there is room for them; else the batch or its first event,
  // which come once more then, or nothing.
  private func keepProbes(_ batch: EventBatch, _ stream: LogStream) -> [EventBatch] {
    sealOpen(stream)
    let bound = stream.waiting.prefix(boundCount(to: [batch], in: stream.waiting))
    let choices = [bound.allSatisfy(\.canRewind) ? [batch] + bound : [batch], [batch]]
    if let probes = choices.first(where: { probesSize + Self.size($0) <= Self.maximumProbes }) {
      probes.dropFirst().forEach(discharge)
      stream.waiting.removeFirst(probes.count - 1)
      probesSize += Self.size(probes)
      return probes
    }
    let event = batch.part(0..<1, stream.destination)
    guard probesSize + event.body.count <= 2 * Self.maximumProbes else { return [] }
    probesSize += event.body.count
    return [event]
  }

  private static func size(_ batches: [EventBatch]) -> Int { batches.reduce(0) { $0 + $1.body.count } }

  // How many of those that wait have events of the checkpoints of which `batches` have some: events that are accepted come again if
  // others of their checkpoint are left out.
  private func boundCount(to batches: [EventBatch], in waiting: [EventBatch]) -> Int {
    var checkpoints = Set(batches.flatMap(\.checkpoints))
    var count = 0
    for (index, batch) in waiting.enumerated() where !checkpoints.isDisjoint(with: batch.checkpoints) {
      checkpoints.formUnion(waiting[count...index].flatMap(\.checkpoints))
      count = index + 1
    }
    return count
  }

  // Leaves out what waits behind the first `count` batches and those that are bound to them, or to the one under way.
  private func leaveOutWaiting(_ stream: LogStream, from count: Int) {
    sealOpen(stream)
    let kept = [stream.underWay].compactMap { $0 } + stream.waiting.prefix(count)
    let end = count + boundCount(to: kept, in: Array(stream.waiting.dropFirst(count)))
    for batch in stream.waiting[end...] {
      if countLeftOut(batch) { stream.blockage?.hasLeftOut = true }
      release(batch)
    }
    stream.waiting.removeSubrange(end...)
  }

  // Counts the events of a batch that cannot be read again; true if some are left out that come again.
  private func countLeftOut(_ batch: EventBatch) -> Bool {
    let leftOut = batch.leaveOut()
    counters.refused += batch.count - leftOut
    return leftOut > 0
  }

  // Whether an event for a blocked stream may go on its way: no batch waits to try the stream with, and it is time.
  func isPassable(_ stream: LogStream, now: Int64) -> Bool {
    guard let blockage = stream.blockage, blockage.refusal != nil, blockage.probes.isEmpty, !blockage.hasLeftOut, stream.underWay == nil,
      now >= blockage.until
    else { return false }
    remove(stream)
    return true
  }

  func probe(_ stream: LogStream, now: Int64) {
    guard let blockage = stream.blockage, now >= blockage.until, stream.underWay == nil else { return }
    guard blockage.refusal != nil else { return unblock(stream) }
    guard !blockage.probes.isEmpty else {
      // There was no room to keep anything; another run tries it.
      if blockage.hasLeftOut { needsRewind = stream.destination }
      return
    }
    stream.blockage?.probes = []
    probesSize -= Self.size(blockage.probes)
    insert(blockage.probes, stream)
    sendNext(stream)
  }

  /// When `probe` has something to do next.
  var nextProbe: Int64? {
    let due = blockedStreams.lazy.filter { stream in
      guard let blockage = stream.blockage, stream.underWay == nil else { return false }
      return !blockage.probes.isEmpty || blockage.hasLeftOut
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
        leaveOutWaiting(stream, from: 0)
      } else if isSlow(stream, now: now), stream.batches.allSatisfy(\.canRewind) {
        onRefusal?("\(name) needs more requests than others have to wait for; its events wait where they came from")
        begin(LogStream.Blockage(refusal: nil, until: now + Self.queuePause), stream)
        var kept = 0
        let share = stream.waiting.prefix { batch in
          kept += batch.charged
          return kept <= Self.share
        }
        leaveOutWaiting(stream, from: share.count)
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
}
