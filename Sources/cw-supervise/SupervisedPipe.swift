internal import Unix

/// One pipe that is kept running: it is started, and started again when it has ended, until it is told to stop.
///
/// Its programs are in a process group of their own, so that no signal of a terminal or for the supervisor's group reaches
/// them: they end in the order of the pipe. Times are nanoseconds of the monotonic clock.
final class SupervisedPipe {
  /// Between TERM and KILL for a program that should have ended by itself.
  static let killTimeout: Int64 = 2_000_000_000
  /// What a program needs at its start until it can end in good order, and at its end after its output has ended.
  static let moment: Int64 = 500_000_000

  private struct Stage {
    let program: String
    /// 0: it never ran.
    let processId: pid_t
    /// Nil while it runs.
    var exitReason: ExitReason?
    /// What it will be told, and when.
    var orders: [(at: Int64, signal: Int32)] = []
  }

  let name: String
  private let programs: [[String]]
  private let log: (String) -> Void
  private var policy = RestartPolicy()
  private var stages: [Stage] = []
  private var startedAt: Int64 = 0
  /// When it is started; nil while it runs, and when it is not started any more.
  private var startsAt: Int64? = 0
  private var isStopping = false
  /// Whether all of its last run was delivered.
  private(set) var isClean = true

  init(_ specification: PipeSpecification, log: @escaping (String) -> Void) {
    name = specification.name
    programs = specification.programs
    self.log = log
  }

  /// The process group of the programs that run, which is the number of the first one; nil: none runs.
  var group: pid_t? { isRunning ? stages.first(where: { $0.processId != 0 })?.processId : nil }

  /// It has ended for good.
  var isOver: Bool { isStopping && stages.isEmpty }

  private var isRunning: Bool { stages.contains { $0.exitReason == nil } }

  /// When `act` has something to do next; nil: not before a program ends.
  var nextDeadline: Int64? {
    var deadlines: [Int64] = stages.compactMap { $0.exitReason == nil ? $0.orders.first?.at : nil }
    if let startsAt { deadlines.append(startsAt) }
    return deadlines.min()
  }

  /// Does what is due.
  func act(_ now: Int64) {
    if let startsAt, now >= startsAt { start(now) }
    for index in stages.indices {
      while let order = stages[index].orders.first, now >= order.at {
        stages[index].orders.removeFirst()
        signal(stages[index], order.signal)
      }
    }
  }

  /// A program of some pipe has ended; ignored if it is none of this one.
  func ended(_ processId: pid_t, _ exitReason: ExitReason, _ now: Int64) {
    guard let index = stages.firstIndex(where: { $0.processId == processId && $0.exitReason == nil }) else { return }
    stages[index].exitReason = exitReason
    stopWriters(before: index, now)
    conclude(now)
  }

  /// No new input: the first program stops reading, and the others deliver what they have.
  func drain(_ now: Int64) {
    guard !isStopping else { return }
    isStopping = true
    startsAt = nil
    guard isRunning else { return }
    stages[0].orders.insert((max(now, startedAt + Self.moment), SIGTERM), at: 0)
  }

  /// Tells all programs to end.
  func terminate() { for stage in stages { signal(stage, SIGTERM) } }

  /// Ends all programs, and what they have started in their group.
  func kill() { if let group { _ = libcKill(-group, SIGKILL) } }

  private func start(_ now: Int64) {
    (startsAt, startedAt, stages) = (nil, now, [])
    var input: PipeEnds?
    for (index, words) in programs.enumerated() {
      let program = words.first.map { String($0.split(separator: "/").last ?? "") } ?? ""
      do {
        let output = index == programs.count - 1 ? nil : try PipeEnds()
        var spawn = Spawn.ofSupervisor(words, input: input?.reading, output: output?.writing, group: stages.first?.processId ?? 0)
        // When we die it ends, and so the whole pipe, even if the guard dies with us: nothing runs on without a supervisor.
        if index == 0 { spawn.endSignal = SIGTERM }
        stages.append(Stage(program: program, processId: try spawn.start()))
        input = output
        input?.closeWriting()
      } catch {
        let code = (error as? SystemError)?.code ?? EAGAIN
        // The rest is not started: it would only see its input end.
        stages.append(Stage(program: program, processId: 0, exitReason: .unstartable(code)))
        stopWriters(before: index, now)
        break
      }
    }
    conclude(now)
  }

  // Nothing reads what they still write, and a quiet source would not notice for long.
  private func stopWriters(before index: Int, _ now: Int64) {
    for index in stages.indices.prefix(index) where stages[index].orders.last?.signal != SIGKILL {
      stages[index].orders += [(now + Self.moment, SIGTERM), (now + Self.moment + Self.killTimeout, SIGKILL)]
    }
  }

  private func conclude(_ now: Int64) {
    guard !stages.isEmpty, !isRunning else { return }
    let exitReasons = stages.compactMap(\.exitReason)
    let text = zip(stages, exitReasons).map { "\($0.program): \($1.text)" }.joined(separator: ", ")
    isClean = exitReasons.allSatisfy(\.isClean)
    stages = []
    guard !isStopping else {
      if !isClean { log("the \(name) pipe ended (\(text))") }
      return
    }
    let rest = policy.rest(afterRunning: (now - startedAt) / 1_000_000_000, exitReasons)
    startsAt = now + rest * 1_000_000_000
    log("the \(name) pipe ended (\(text)); starting it again in \(rest) s")
  }

  private func signal(_ stage: Stage, _ number: Int32) {
    // Until it is waited for, no other process has its number.
    if stage.exitReason == nil { _ = libcKill(stage.processId, number) }
  }
}

// `kill` is also a member.
private func libcKill(_ processId: pid_t, _ number: Int32) -> Int32 { kill(processId, number) }
