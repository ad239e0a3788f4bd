internal import State
internal import Tool
internal import Unix

/// Keeps the positions of all sources on the disk: written soon after each acceptance, synchronized at most once a second
/// and at the end.
///
/// It is opened when the first position comes: by then `cw-tail` has read what stands there, and written the first one. What can
/// not be written (a full disk) is said once a minute and tried again; delivery goes on.
final class PositionStore {
  /// Why there is no going on: another process holds the state, or it is of a newer version.
  private(set) var failure: (any Failure)?

  private let directory: StateDirectory
  private var lock: StateLock?
  private var file: PositionFile?
  private var isOpen = false
  private var progresses: [[UInt8]: Progress] = [:]
  private var order: [Progress] = []
  /// Of sources that this run has not met.
  private var others: [[UInt8]: SourceState] = [:]
  private var hasChanged = false
  private var lastSynchronization = Int64.min / 2
  private var lastComplaint = Int64.min / 2
  private var nextAttempt = Int64.min / 2
  private let body = ByteBuffer()

  private static let second: Int64 = 1_000_000_000
  private static let complaintInterval = 60 * second
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
      complain(error)
    } catch let error as SystemError {
      failure = ToolError(.cannotWrite, "positions can not be stored: \(error.message); give another --state (agent.state_directory)")
    } catch {
      failure = error as? any Failure
    }
  }

  private func open() throws {
    try directory.create()
    if lock == nil {
      let lock = try StateLock(directory)
      if case .held(let other) = try lock.take(.putlogs) {
        throw ToolError(
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
      let now = Clock.realtimeMilliseconds()
      for state in states where !Clock.isSane(now) || now - state.seen < SourceState.lifetime { others[state.source] = state }
    }
    file = try PositionFile(path: path)
    // Sources that came before the file could be opened keep their newer positions.
    for (source, progress) in progresses {
      if let state = others.removeValue(forKey: source) { progress.adopt(state) }
    }
  }

  /// The progress of a source, with what is stored of it.
  func progress(of source: UnsafeRawBufferPointer) -> Progress {
    let name = Array(source)
    if let known = progresses[name] { return known }
    let state = others.removeValue(forKey: name) ?? SourceState(source: name, position: [], seen: 0)
    let progress = Progress(state) { [unowned self] in hasChanged = true }
    progresses[name] = progress
    order.append(progress)
    return progress
  }

  /// Stores what has changed. `now` is monotonic, in nanoseconds.
  func turn(now: Int64) {
    guard isOpen, failure == nil, now >= nextAttempt else { return }
    attempt {
      if hasChanged {
        if file == nil { try open() }
        try store()
      }
      if let file, file.needsSynchronizing, now - lastSynchronization >= Self.second {
        lastSynchronization = now
        try file.synchronize()
      }
    }
  }

  /// When `turn` has something to do next.
  var nextDue: Int64? {
    if hasChanged { return isOpen && failure == nil ? nextAttempt : nil }
    return file?.needsSynchronizing == true ? max(lastSynchronization + Self.second, nextAttempt) : nil
  }

  /// Stores and synchronizes the rest.
  func close() {
    nextAttempt = .min / 2
    lastSynchronization = .min / 2
    lastComplaint = .min / 2
    turn(now: Clock.monotonicNanoseconds())
  }

  private func store() throws {
    body.removeAll()
    for state in others.values { state.append(to: body) }
    for progress in order where !progress.state.position.isEmpty { progress.state.append(to: body) }
    try file?.store(body)
    hasChanged = false
  }

  private func complain(_ error: SystemError) {
    let now = Clock.monotonicNanoseconds()
    guard now - lastComplaint >= Self.complaintInterval else { return }
    lastComplaint = now
    Messages.warning("positions are not stored: \(error.message); delivery goes on, but after a restart lines may come again")
  }
}
