internal import Records
internal import Unix

/// How far one source is acknowledged: the last position before which every event was accepted, or refused for good.
///
/// Positions come in order, their events travel in batches that may end in any order. A position counts when all batches
/// with events before it have ended: the contiguous prefix, never the largest one.
final class SourceProgress {
  /// The events between two positions.
  final class Checkpoint {
    let progress: SourceProgress
    /// Called when all events before the position behind these have ended; nil: that position has not come.
    fileprivate var acknowledge: ((SourceProgress) -> Void)?
    /// Batches with such events that have not ended.
    fileprivate var pending = 0

    fileprivate init(_ progress: SourceProgress) { self.progress = progress }

    /// A batch holds events of this checkpoint.
    func begin() { pending += 1 }

    /// The events of a batch have ended: accepted, or refused for good.
    func end() {
      pending -= 1
      if pending == 0 { progress.advance() }
    }
  }

  /// What is stored; `state.position` is empty as long as nothing is acknowledged.
  private(set) var state: SourceState
  /// The events since the last position.
  var current: Checkpoint {
    if let open { return open }
    let checkpoint = Checkpoint(self)
    open = checkpoint
    return checkpoint
  }
  /// Whether the source's events can be read again.
  var canRewind = false
  /// An event of the source was left out, since its stream takes none: no later position is acknowledged, and no later event is kept,
  /// since all come again.
  private(set) var isFrozen = false
  /// For the store: whether there is something that is not stored, and whether anything is.
  var hasChanged = false
  var isStored = false
  private var open: Checkpoint?
  private var queue: [Checkpoint] = []
  private var hasEnded = false
  private let onChange: (_ progress: SourceProgress, _ mayWait: Bool) -> Void

  // Errors are for a person, and there may be one for each source.
  private static let longestError = 200

  /// - Parameters:
  ///   - state: as it was stored last.
  ///   - onChange: told when `state` is another than before, and whether storing it may wait: no event would come again.
  init(_ state: SourceState, onChange: @escaping (_ progress: SourceProgress, _ mayWait: Bool) -> Void) {
    self.state = state
    self.onChange = onChange
  }

  /// A source whose positions are not stored.
  convenience init(source: [UInt8]) { self.init(SourceState(source: source, position: [], seen: 0)) { _, _ in } }

  /// A position of the source is acknowledged.
  var hasPosition: Bool { !state.position.isEmpty }

  /// Nothing waits for an end, and nothing is left out.
  var isIdle: Bool { queue.isEmpty && hasNothingOpen && !isFrozen }

  private var hasNothingOpen: Bool { open.map { $0.pending == 0 } ?? true }

  /// Called when the input forgets the source: this object and an open checkpoint would hold each other for ever.
  func letGo() { if hasNothingOpen { open = nil } }

  /// Takes over what was stored before, of a state that could not be read in time.
  func adopt(_ stored: SourceState) {
    if state.position.isEmpty { state.position = stored.position }
    if state.seen == 0 { state.seen = stored.seen }
    state.delivered &+= stored.delivered
    state.refused &+= stored.refused
    state.gaps &+= stored.gaps
  }

  /// Takes a position behind all events of the source so far, which is stored once they have ended; an empty one makes the source
  /// forgotten then.
  func commit(_ position: UnsafeRawBufferPointer) {
    let position = Array(position)
    commit { $0.acknowledge(position) }
  }

  /// Takes a position behind all events of the source so far: `acknowledge` is called once they have ended, unless a later one is
  /// reached at the same time.
  func commit(_ acknowledge: @escaping (SourceProgress) -> Void) {
    guard !isFrozen else { return }
    if hasNothingOpen, let last = queue.last {
      // Nothing in between: it holds as soon as the one before it does.
      last.acknowledge = acknowledge
    } else {
      let checkpoint = current
      checkpoint.acknowledge = acknowledge
      queue.append(checkpoint)
      open = nil
    }
    advance()
  }

  /// An event of `checkpoint` is left out.
  func freeze(_ checkpoint: Checkpoint) {
    isFrozen = true
    if let index = queue.firstIndex(where: { $0 === checkpoint }) { queue.removeSubrange(index...) }
    open = nil
  }

  /// Counts events that have ended.
  func count(delivered: Int, refused: Int) {
    state.delivered &+= Int64(delivered)
    state.refused &+= Int64(refused)
    hasEnded = true
    onChange(self, true)
  }

  /// Lines of the source are lost.
  func countGap() {
    state.gaps &+= 1
    onChange(self, true)
  }

  /// Notes what went wrong. `time` is in milliseconds since the epoch.
  func note(_ error: String, time: Int64) {
    let error = String(error.prefix(Self.longestError))
    guard state.lastError != error || !(time - 60_000..<time + 1).contains(state.lastErrorTime) else { return }
    state.lastError = error
    state.lastErrorTime = time
    onChange(self, true)
  }

  private func advance() {
    var acknowledged: Checkpoint?
    while let first = queue.first, first.pending == 0 { acknowledged = queue.removeFirst() }
    acknowledged?.acknowledge?(self)
  }

  private func acknowledge(_ position: [UInt8]) {
    if position.isEmpty { state = SourceState(source: state.source, position: [], seen: 0) }
    state.position = position
    state.seen = Clock.realtimeMilliseconds()
    onChange(self, !hasEnded)
    hasEnded = false
  }
}
