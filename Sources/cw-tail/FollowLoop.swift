internal import Unix

/// Follows until told to stop, or once to the present end: reads what there is, waits a moment or for the reader of the output,
/// looks at the paths now and then.
struct FollowLoop {
  private let follower: Follower
  private let journals: [Journal]
  private let stop: StopSignal

  /// Milliseconds between two looks at the files that are not watched: polling works on every file system, and a look costs one
  /// fstat(2). While all logs are quiet it is rarer, for the sake of batteries.
  private static let pause: Int32 = 250
  private static let quietPause: Int32 = 1000
  /// Nanoseconds without a line after which the logs are quiet.
  private static let quietAfter: Int64 = 5_000_000_000
  /// How long the last look may take when a log grows faster than it is read, in nanoseconds.
  private static let lastLook: Int64 = 1_000_000_000
  /// Nanoseconds between two looks at the paths, for rotation and new files.
  private static let scanInterval: Int64 = 1_000_000_000

  init(_ follower: Follower, _ journals: [Journal], stop: StopSignal) {
    self.follower = follower
    self.journals = journals
    self.stop = stop
  }

  /// Follows until a signal, or reads `once` to the present end; then writes the clean end.
  func run(once: Bool) throws {
    var lastScan = Clock.monotonicNanoseconds()
    var lastLine = lastScan
    var count = follower.recordCount
    while !stop.isPending {
      // However much there is to be read, and however slow the reader is: a file that is rotated twice meanwhile must be opened in time.
      let isBlocked = try turn(isLast: once) { stop.isPending || !once && Clock.monotonicNanoseconds() - lastScan >= Self.scanInterval }
      // What was read can be closed for what could not be opened yet.
      if follower.needsScan, !isBlocked, follower.scan() { continue }
      if once, !isBlocked, journals.allSatisfy(\.isOver) { break }
      let now = Clock.monotonicNanoseconds()
      if follower.recordCount != count {
        count = follower.recordCount
        lastLine = now
      }
      if !once, now - lastScan >= Self.scanInterval {
        follower.look()
        lastScan = Clock.monotonicNanoseconds()
        if !isBlocked { continue }
      }
      wait(now - lastLine < Self.quietAfter ? Self.pause : Self.quietPause, isBlocked: isBlocked)
    }
    if !once {
      // All was read a moment ago; what came since is little, and nobody may be there to read it later.
      let deadline = Clock.monotonicNanoseconds() + Self.lastLook
      _ = try turn(isLast: false) { Clock.monotonicNanoseconds() >= deadline }
    }
    try end()
  }

  // Reads what is there. True if the reader of our output must take something first.
  private func turn(isLast: Bool, isStopped: () -> Bool) throws -> Bool {
    if try follower.turn(isLast: isLast, isStopped: isStopped) == .blocked { return true }
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

  // Waits for the reader, but not for one that stalls when we are told a second time.
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

  // A reader that is gone ends us even while the logs are quiet, as a write would.
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
