internal import Records
internal import Unix

/// Keeps the positions of all sources on the disk: what an acceptance has moved is written at once, the rest within a second;
/// synchronized at most once a second and at the end.
///
/// It is opened when the first position comes: by then `cw-tail` has read what stands there, and written the first one. What cannot
/// be written (a full disk) is said once a minute and tried again; delivery goes on.
final class PositionStore {
  /// Why there is no going on: another process holds the state, or it is of a newer version.
  private(set) var failure: (any Failure)?

  private let directory: StateDirectory
  private var lock: StateLock?
  private var file: PositionFile?
  private var isOpen = false
  /// Sources with events on their way.
  private var progresses: [[UInt8]: SourceProgress] = [:]
  /// All other sources.
  private var others: [[UInt8]: SourceState] = [:]
  /// Sources that differ from what is stored, and whether storing them may not wait.
  private var changed: [SourceProgress] = []
  private var isUrgent = false
  private var lastStore = Int64.min / 2
  private var lastSynchronization = Int64.min / 2
  private var lastWarning = Int64.min / 2
  private var nextAttempt = Int64.min / 2
  private var hasSaidThatItIsFull = false
  private let body = ByteBuffer()

  private static let second: Int64 = 1_000_000_000
  private static let warningInterval = 60 * second
  /// After a failure: a full disk does not become empty at once.
  private static let retryInterval = 5 * second

  init(_ directory: StateDirectory) { self.directory = directory }

  /// Opens the state, once.
  func begin() {
    guard !isOpen else { return }
    isOpen = true
    attempt { try open() }
  }

  private func attempt(_ step: () throws -> Void) {
    do {
      try step()
    } catch let error as SystemError where StateDirectory.isPassing(error) {
      nextAttempt = Clock.monotonicNanoseconds() + Self.retryInterval
      report(error)
    } catch let error as SystemError {
      failure = CommandError(.cannotWrite, "positions cannot be stored: \(error.message); give another --state (agent.state_directory)")
    } catch {
      failure = error as? any Failure
    }
  }

  private func open() throws {
    try directory.create()
    if lock == nil {
      let lock = try StateLock(directory)
      if case .held(let other) = try lock.take(.putlogs) {
        throw CommandError(
          .tryAgain, "\(directory.path) is in use by process \(other), another cw-putlogs; end it, or give another --state")
      }
      self.lock = lock
    }
    let path = directory.positions
    switch try PositionFile.read(path) {
    case .missing: break
    case .damaged:
      let aside = PositionFile.setAside(path, seconds: Clock.realtimeMilliseconds() / 1000)
      Messages.warning("\(path) is damaged" + (aside.map { ", kept as \($0)" } ?? "") + "; a new one is begun")
    case .sources(let states):
      for state in states { others[state.source] = state }
      forgetOld()
    }
    file = try PositionFile(path: path)
    // Sources that came before the file could be opened keep their newer positions.
    for (source, progress) in progresses {
      guard let state = others.removeValue(forKey: source) else { continue }
      progress.adopt(state)
      progress.isStored = true
    }
  }

  private func forgetOld() {
    let now = Clock.realtimeMilliseconds()
    guard Clock.isSane(now) else { return }
    others = others.filter { $0.value.seen > now - SourceState.lifetime }
  }

  /// The progress of a source, which begins with what is stored.
  func progress(of source: [UInt8]) -> SourceProgress {
    if let known = progresses[source] { return known }
    let stored = others.removeValue(forKey: source)
    let progress = SourceProgress(stored ?? SourceState(source: source, position: [], seen: 0)) { [unowned self] progress, mayWait in
      note(progress)
      if !mayWait { isUrgent = true }
    }
    progress.isStored = stored != nil
    progresses[source] = progress
    return progress
  }

  /// Called when a source has no events on their way: what is known of it is kept, in little memory.
  /// - Parameter progress: idle, and stored.
  func release(_ progress: SourceProgress) {
    let state = progress.state
    progresses[state.source] = nil
    if !state.position.isEmpty { others[state.source] = state }
  }

  private func note(_ progress: SourceProgress) {
    guard !progress.hasChanged else { return }
    progress.hasChanged = true
    changed.append(progress)
    // It may have been left out.
    progresses[progress.state.source] = progress
  }

  /// Stores what has changed. `now` is monotonic, in nanoseconds.
  func turn(now: Int64) {
    guard isOpen, failure == nil, now >= nextAttempt else { return }
    attempt {
      if !changed.isEmpty, isUrgent || now - lastStore >= Self.second {
        if file == nil { try open() }
        try store()
        lastStore = now
      }
      if let file, file.needsSynchronizing, now - lastSynchronization >= Self.second {
        lastSynchronization = now
        try file.synchronize()
      }
    }
  }

  /// When `turn` has something to do next.
  var nextDue: Int64? {
    if !changed.isEmpty {
      return isOpen && failure == nil ? isUrgent ? nextAttempt : max(lastStore + Self.second, nextAttempt) : nil
    }
    return file?.needsSynchronizing == true ? max(lastSynchronization + Self.second, nextAttempt) : nil
  }

  /// Stores and synchronizes the rest.
  func close() {
    nextAttempt = .min / 2
    lastStore = .min / 2
    lastSynchronization = .min / 2
    lastWarning = .min / 2
    turn(now: Clock.monotonicNanoseconds())
  }

  private func store() throws {
    body.removeAll()
    for progress in changed where progress.isStored || !progress.state.position.isEmpty { progress.state.append(to: body) }
    if !body.isEmpty, try file?.append(body) != true { try storeAll() }
    for progress in changed {
      progress.hasChanged = false
      progress.isStored = !progress.state.position.isEmpty
      if !progress.isStored, progress.isIdle { progresses[progress.state.source] = nil }
    }
    changed.removeAll()
    isUrgent = false
  }

  private func storeAll() throws {
    forgetOld()
    var states = others.values + progresses.values.lazy.map(\.state).filter { !$0.position.isEmpty }
    states.sort { $0.source.lexicographicallyPrecedes($1.source) }
    var ends: [Int] = []
    body.removeAll()
    for state in states {
      state.append(to: body)
      ends.append(body.count)
    }
    if body.count > PositionFile.largestBody {
      let sizes = ends.indices.map { $0 == 0 ? ends[0] : ends[$0] - ends[$0 - 1] }
      leaveOut(states, sizes)
    }
    try file?.store(body)
    body.removeAll()
    body.shrink(to: 1 << 16)
  }

  // Some more than must go, so that it need not be done again at once.
  private func leaveOut(_ states: [SourceState], _ sizes: [Int]) {
    let retained = StateEviction.retained(states, sizes: sizes, room: PositionFile.largestBody / 8 * 7)
    body.removeAll()
    var next = 0
    for (index, state) in states.enumerated() {
      if next < retained.count, retained[next] == index {
        next += 1
        state.append(to: body)
      } else {
        others[state.source] = nil
        progresses[state.source]?.isStored = false
        progresses[state.source] = nil
      }
    }
    guard !hasSaidThatItIsFull else { return }
    hasSaidThatItIsFull = true
    Messages.warning(
      "\(directory.positions) is full: of \(states.count - retained.count) of \(states.count) logs, those of the fullest folders that have not"
        + " moved for longest, positions are not kept; after a restart their lines come again; take old files away")
  }

  private func report(_ error: SystemError) {
    let now = Clock.monotonicNanoseconds()
    guard now - lastWarning >= Self.warningInterval else { return }
    lastWarning = now
    Messages.warning("positions are not stored: \(error.message); delivery goes on, but after a restart lines may come again")
  }
}
