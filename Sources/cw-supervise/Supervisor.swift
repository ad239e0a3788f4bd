internal import Unix

/// Keeps pipes running until a signal comes, and drains them then. One loop waits for signals, for the ends of programs and for what
/// is due; nothing lies in a file.
final class Supervisor {
  private let pipes: [SupervisedPipe]
  private let drainSeconds: Int64
  private let signals: StopSignal
  private let children: ChildSignal
  private let copier: LogCopier?
  /// How this program is called.
  private let ourselves: String
  private var guardId: pid_t = 0
  private var lifeline: PipeEnds?
  private var told: [pid_t]?
  /// A helper that was killed is started again, but not more than once a second.
  private var helpersRestAt: Int64 = 0
  private var stopping: StopSequence?

  init(_ pipes: [PipeSpecification], drainSeconds: Int64, ourselves: String, copier: LogCopier?) throws {
    self.pipes = pipes.map { SupervisedPipe($0, log: EventLog.write) }
    self.drainSeconds = drainSeconds
    self.ourselves = ourselves
    self.copier = copier
    BrokenPipe.isAnError()
    signals = try StopSignal()
    children = try ChildSignal()
  }

  /// - Returns: whether everything was delivered at the end.
  func run(whenStarted: () -> Void) -> Bool {
    startHelpers(Clock.monotonicNanoseconds())
    for pipe in pipes { EventLog.write("starting the \(pipe.name) pipe") }
    var hasStarted = false
    while true {
      var now = Clock.monotonicNanoseconds()
      for pipe in pipes { pipe.act(now) }
      startHelpers(now)
      tellGuard()
      if !hasStarted { whenStarted() }
      hasStarted = true
      if pipes.allSatisfy(\.isOver) || !takeStep(now) { break }
      wait(now)
      now = Clock.monotonicNanoseconds()
      for number in signals.take() { stop(number, now) }
      reap(now)
    }
    let isOver = pipes.allSatisfy(\.isOver)
    if isOver { endGuard() }
    return isOver && pipes.allSatisfy(\.isClean)
  }

  private func wait(_ now: Int64) {
    var deadlines = (pipes.map(\.nextDeadline) + [stopping?.nextDeadline]).compactMap { $0 }
    if guardId == 0 || copier?.processId == 0 { deadlines.append(helpersRestAt) }
    var milliseconds: Int32 = -1
    // Rounded up: a moment too early would only be asked again.
    if let deadline = deadlines.min() { milliseconds = Int32(clamping: max(0, (deadline - now + 999_999) / 1_000_000)) }
    var descriptors = [signals.descriptor, children.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = poll(&descriptors, 2, milliseconds)
  }

  // MARK: - stopping

  /// The first signal drains, another one hurries. A closing terminal sends HUP more than once, and means nothing by it.
  private func stop(_ number: Int32, _ now: Int64) {
    guard stopping == nil else {
      if number != SIGHUP { stopping?.hurry(now) }
      return
    }
    EventLog.write("stopping: the pipes are drained, at most \(drainSeconds) s")
    stopping = StopSequence(now, drainSeconds: drainSeconds)
    for pipe in pipes { pipe.drain(now) }
  }

  // Returns false if what still runs cannot be ended.
  private func takeStep(_ now: Int64) -> Bool {
    switch stopping?.next(now) {
    case .terminate: for pipe in pipes { pipe.terminate() }
    case .kill: for pipe in pipes { pipe.kill() }
    case .leave: return false
    case nil: break
    }
    return true
  }

  // MARK: - children

  private func reap(_ now: Int64) {
    children.take()
    var status: Int32 = 0
    while true {
      let processId = waitpid(-1, &status, WNOHANG)
      if processId < 0, errno == EINTR { continue }
      guard processId > 0 else { return }
      if processId == guardId {
        guardId = 0
      } else if processId == copier?.processId {
        copier?.hasEnded()
      } else {
        for pipe in pipes { pipe.ended(processId, ExitReason(waitStatus: status), now) }
      }
    }
  }

  private func startHelpers(_ now: Int64) {
    guard now >= helpersRestAt, guardId == 0 || copier?.processId == 0 else { return }
    helpersRestAt = now + 1_000_000_000
    if copier?.processId == 0 { try? copier?.start() }
    guard guardId == 0 else { return }
    lifeline = nil
    told = nil
    guard let ends = try? PipeEnds() else { return }
    _ = fcntl(ends.writing, F_SETFL, O_NONBLOCK)
    let arguments = [ourselves, "--guard", "--drain-seconds", "\(drainSeconds)"]
    guard let processId = try? Spawn.ofSupervisor(arguments, input: ends.reading).start() else { return }
    ends.closeReading()
    (guardId, lifeline) = (processId, ends)
  }

  private func endGuard() {
    lifeline = nil
    if guardId != 0 { while waitpid(guardId, nil, 0) < 0, errno == EINTR {} }
  }

  private func tellGuard() {
    let groups = pipes.compactMap(\.group)
    guard let lifeline, groups != told else { return }
    told = groups
    let line = Array((groups.map(String.init).joined(separator: " ") + "\n").utf8)
    _ = write(lifeline.writing, line, line.count)
  }
}
