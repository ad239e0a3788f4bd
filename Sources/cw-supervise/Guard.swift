internal import Unix

/// Ends the pipes in the supervisor's place if the supervisor is killed: a process of its own, whose standard input is a pipe that only
/// the supervisor holds. A line comes on it for each change: the process groups that run now. Its end means that the supervisor is gone.
struct Guard {
  /// Waits for the end of standard input, then stops what runs.
  func run(drainSeconds: Int64) {
    BrokenPipe.isAnError()
    for number in [SIGHUP, SIGINT, SIGTERM] { signal(number, SIG_IGN) }
    var groups: [pid_t] = []
    let lines = LineReader(descriptor: STDIN_FILENO, maximumLength: 4096, blockSize: 4096)
    // A broken descriptor is as good as its end.
    while !lines.isAtEnd, (try? lines.fill()) != nil {
      while let line = lines.next(), case .lineFeed = line.terminator { groups = Self.groups(line.bytes.text) }
    }
    stop(groups, drainSeconds: drainSeconds)
  }

  /// The numbers in a line; 0, 1 and negative numbers would mean other processes than ours.
  static func groups(_ line: String) -> [pid_t] { line.split(separator: " ").compactMap { pid_t($0) }.filter { $0 > 1 } }

  private func stop(_ groups: [pid_t], drainSeconds: Int64) {
    // The first program of each pipe has the number of its group. To a second TERM it would not deliver what it has.
    if !Spawn.canTie { for group in groups { _ = kill(group, SIGTERM) } }
    var sequence = StopSequence(Clock.monotonicNanoseconds(), drainSeconds: drainSeconds)
    // They are not our children, so there is nothing to be waited for.
    while groups.contains(where: { kill(-$0, 0) == 0 }) {
      switch sequence.next(Clock.monotonicNanoseconds()) {
      case .terminate: for group in groups { _ = kill(-group, SIGTERM) }
      case .kill: for group in groups { _ = kill(-group, SIGKILL) }
      case .leave: return
      case nil: usleep(50_000)
      }
    }
  }
}
