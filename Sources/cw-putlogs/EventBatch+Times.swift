internal import Config
internal import Records
internal import Unix

/// Times that are mended after they were written into a batch.
extension EventBatch {
  /// The events of a sealed batch with their times mended, in sealed batches: several if they lie further apart now than one may span.
  /// Their checkpoints wait for these. Nil if all times are right as far as `times` tell.
  func mended(_ times: EventTimes, _ destination: Destination) -> [EventBatch]? {
    guard clocks.contains(where: times.isWrong) else { return nil }
    let parts = remade(0..<count, destination) { times.mended($0, $1) }
    share(with: parts, all: true)
    for part in parts { part.isRetried = isRetried }
    return parts
  }

  /// The events of a sealed batch that the service has refused for their times, as far as a better time is known, in sealed batches.
  /// - Parameter refused: how many at the start are too old, and how many at the end too new.
  func mendedRefused(_ refused: (first: Int, last: Int), _ times: EventTimes, _ destination: Destination) -> [EventBatch] {
    guard !isRetried else { return [] }
    let indices = [0..<min(refused.first, count), max(count - refused.last, refused.first)..<count].filter { !$0.isEmpty }.joined()
    let parts = remade(indices, destination) { timestamp, clock in
      times.mended(refused: timestamp, clock).map { ($0, EventClock(bootTime: times.bootTime, isStamp: true)) }
    }
    share(with: parts, all: false)
    for part in parts { part.isRetried = true }
    return parts
  }

  private func remade(
    _ indices: some Sequence<Int>, _ destination: Destination,
    _ time: (Int64, EventClock?) -> (timestamp: Int64, clock: EventClock?)?
  ) -> [EventBatch] {
    var parts: [EventBatch] = []
    for index in indices {
      let event = event(index)
      guard let (timestamp, clock) = time(event.timestamp, clocks[index]) else { continue }
      let length = JSONText.cut(event.message, limit: .max).length
      if parts.last?.add(timestamp: timestamp, escaped: event.message, length: length) != .added {
        let part = EventBatch()
        part.begin(destination)
        part.sealed = sealed
        guard part.add(timestamp: timestamp, escaped: event.message, length: length) == .added else { continue }
        parts.append(part)
      }
      parts.last?.note(clock)
    }
    parts.forEach { $0.seal() }
    return parts
  }
}
