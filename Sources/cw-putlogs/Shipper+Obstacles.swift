internal import AWS
internal import Entries
internal import Tool
internal import Unix

/// Streams that take nothing: what is done about them, so that one of them does not hold up the others.
extension Shipper {
  /// Policies are mended, and take a while to spread: after this a refused stream is tried again.
  private static let refusalPause: Int64 = 60_000_000_000
  /// A stream that fails for so long while others succeed, and keeps them from being read, is left aside.
  private static let patienceWithFailure: Int64 = 10_000_000_000
  /// After an outage streams recover one after the other: only one that goes on failing is at fault itself.
  private static let failuresOfItsOwn = 2
  /// How much may be kept of streams that take nothing, to try them again with; as much again for single events of them.
  private static let maximumProbes = 4 << 20
  /// Until another run has to try, if nothing could be kept.
  private static let rewindPause: Int64 = 600_000_000_000

  // The service does not let us write here. What can be had again is left out until it does; the rest is counted.
  func close(_ stream: LogStream, _ error: CallError) {
    let batch = stream.underWay
    stream.underWay = nil
    stream.creations = 0
    let isNew = stream.obstacle == nil
    if isNew { onRefusal?("\(stream.destination.group) \(stream.destination.stream): \(error.message)") }
    var obstacle = stream.obstacle ?? LogStream.Obstacle(until: 0)
    obstacle.refusal = error
    obstacle.until = clock() + Self.refusalPause
    if let batch {
      note(error, batch)
      buffered -= batch.body.count
      if batch.canRewind { obstacle.probe = keepProbe(batch, stream) }
      if obstacle.probe !== batch, countLeftOut(batch) {
        obstacle.hasLeftOut = true
        if obstacle.probe == nil { obstacle.until += Self.rewindPause }
      }
    }
    stream.obstacle = obstacle
    if isNew { obstructed.append(stream) }
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
    filling.removeAll { $0 === stream }
    for batch in stream.waiting + [stream.open?.batch].compactMap({ $0 }) {
      if countLeftOut(batch) { stream.obstacle?.hasLeftOut = true }
      release(batch)
    }
    stream.open = nil
    stream.waiting = []
  }

  // Counts the events of a batch that nobody can bring again; true if some are left out that come again.
  private func countLeftOut(_ batch: EventBatch) -> Bool {
    let leftOut = batch.leaveOut()
    tally.refused += batch.count - leftOut
    return leftOut > 0
  }

  // Whether an event for a stream with an obstacle may go on its way: nothing waits to try it with, and it is time.
  func isPassable(_ stream: LogStream, now: Int64) -> Bool {
    guard let obstacle = stream.obstacle, obstacle.refusal != nil, obstacle.probe == nil, !obstacle.hasLeftOut, stream.underWay == nil,
      now >= obstacle.until
    else { return false }
    remove(stream)
    return true
  }

  func probe(_ stream: LogStream, now: Int64) {
    guard let obstacle = stream.obstacle, obstacle.refusal != nil, now >= obstacle.until, stream.underWay == nil else { return }
    guard let batch = obstacle.probe else {
      // There was no room to keep anything; another run tries it.
      if obstacle.hasLeftOut { needsRewind = stream.destination }
      return
    }
    stream.obstacle?.probe = nil
    probesSize -= batch.body.count
    buffered += batch.body.count
    stream.underWay = batch
    put(batch, stream)
  }

  func reopen(_ stream: LogStream) {
    guard let obstacle = stream.obstacle else { return }
    if obstacle.hasLeftOut { needsRewind = stream.destination }
    remove(stream)
  }

  private func remove(_ stream: LogStream) {
    stream.obstacle = nil
    obstructed.removeAll { $0 === stream }
  }

  // One failing stream must not hold up the others: when memory is full of its events, and others are accepted, all but its
  // request under way is left out.
  func leaveAside(now: Int64) {
    for stream in streams.values {
      guard stream.obstacle == nil, let since = stream.failingSince, now - since >= Self.patienceWithFailure,
        stream.failuresWhileOthersSucceed >= Self.failuresOfItsOwn,
        ([stream.open?.batch, stream.underWay].compactMap { $0 } + stream.waiting).allSatisfy(\.canRewind)
      else { continue }
      Messages.warning(
        "\(stream.destination.group) \(stream.destination.stream) takes nothing while others do; its events wait where they came from")
      stream.obstacle = LogStream.Obstacle(refusal: nil, until: 0)
      obstructed.append(stream)
      leaveOutWaiting(stream)
    }
  }
}
