internal import Unix

/// The main loop of `cw-tail`: reads what there is, waits for more or for the reader of the output, and scans the paths every second,
/// until a stop signal or, with `--once`, the present end of all sources.
struct FollowLoop {
  let follower: Follower
  let journals: [Journal]
  let stop: StopSignal

  /// Milliseconds between two polls of the files that are not watched: polling works on every file system, and costs one fstat(2) a file.
  /// It is rarer while all logs are quiet, to save batteries.
  private static let pause: Int32 = 250
  private static let quietPause: Int32 = 1000
  /// Nanoseconds without a line after which the logs are quiet.
  private static let quietAfter: Int64 = 5_000_000_000
  /// Nanoseconds for the last reading before the end, which a log that grows faster than it is read would prolong without limit.
  private static let finalReadLimit: Int64 = 1_000_000_000
  /// Nanoseconds between two scans of the paths, for rotation and new files.
  private static let scanInterval: Int64 = 1_000_000_000

  /// Follows until a signal, or reads `once` to the present end; then writes the end record.
  /// - Throws: `SystemError` if the output fails, `CommandError` if its reader stalls after a second signal.
  func run(once: Bool) throws {
    var lastScan = Clock.monotonicNanoseconds()
    var lastLine = lastScan
    var count = follower.recordCount
    while !stop.isPending {
      // The pass stops when a scan is due, however much there is to read: a file that is rotated twice meanwhile must be opened in time.
      let isBlocked = try readPass(isLast: once) { stop.isPending || !once && Clock.monotonicNanoseconds() - lastScan >= Self.scanInterval }
      // Files that are read to their end can be closed now, which frees descriptors for those that could not be opened.
      if follower.needsScan, !isBlocked, follower.scan() { continue }
      if once, !isBlocked, journals.allSatisfy(\.isOver) { break }
      let now = Clock.monotonicNanoseconds()
      if follower.recordCount != count {
        count = follower.recordCount
        lastLine = now
      }
      if !once, now - lastScan >= Self.scanInterval {
        follower.quickScan()
        lastScan = Clock.monotonicNanoseconds()
        if !isBlocked { continue }
      }
      wait(now - lastLine < Self.quietAfter ? Self.pause : Self.quietPause, isBlocked: isBlocked)
    }
    if !once {
      // All was read a moment ago. What was written since is little, and there may be no later run to read it.
      let deadline = Clock.monotonicNanoseconds() + Self.finalReadLimit
      _ = try readPass(isLast: false) { Clock.monotonicNanoseconds() >= deadline }
    }
    try end()
  }

  /// Reads what is there.
  /// - Returns: whether the output is full, so that its reader must take something first.
  private func readPass(isLast: Bool, isStopped: () -> Bool) throws -> Bool {
    if try follower.readPass(isLast: isLast, isStopped: isStopped) == .blocked { return true }
    var hasMore = true
    while hasMore, !isStopped() {
      hasMore = false
      for journal in journals where !journal.isOver {
        if try journal.read(into: follower.output.writer) { hasMore = true }
        if try !follower.output.flush() { return true }
      }
    }
    return false
  }

  // Waits until the output is written, or for a second signal: a reader may stall.
  private func end() throws {
    _ = stop.take()
    follower.end()
    while try !follower.output.flush() {
      if stop.isPending {
        throw CommandError(
          .tryAgain, "told to stop twice, and the reader takes nothing; what it has not taken comes again at the next start")
      }
      wait(Self.quietPause, isBlocked: true)
    }
  }

  // A closed output ends this program even while the logs are quiet, as a write would.
  private func wait(_ milliseconds: Int32, isBlocked: Bool) {
    var descriptors = [
      pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: STDOUT_FILENO, events: isBlocked ? Int16(POLLOUT) : 0, revents: 0),
    ]
    if !isBlocked {
      let others = journals.compactMap(\.descriptor) + [follower.watcher.descriptor].compactMap { $0 }
      descriptors += others.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }
    guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return }
    if BrokenPipe.isBroken(descriptors[1]) { BrokenPipe.endProgram() }
  }
}
