internal import Unix

/// Follows until told to stop, or once to the present end: reads what there is, waits a moment or for the reader of the output,
/// looks at the paths now and then.
struct FollowLoop {
  private let follower: Follower
  private let stop: StopSignal

  /// Milliseconds between two looks at the files: polling works on every file system, and a look costs one fstat(2). While all
  /// logs are quiet it is rarer, for the sake of batteries.
  private static let pause: Int32 = 250
  private static let quietPause: Int32 = 1000
  /// Nanoseconds without a line after which the logs are quiet.
  private static let quietAfter: Int64 = 5_000_000_000
  /// How long the last look may take when a log grows faster than it is read, in nanoseconds.
  private static let lastLook: Int64 = 1_000_000_000
  /// Nanoseconds between two looks at the paths, for rotation and new files.
  private static let scanInterval: Int64 = 1_000_000_000

  init(_ follower: Follower, stop: StopSignal) {
    self.follower = follower
    self.stop = stop
  }

  /// Follows until a signal, then writes the clean end.
  func run() throws {
    var lastScan = Clock.monotonicNanoseconds()
    var lastLine = lastScan
    var count = follower.recordCount
    while !stop.isPending {
      let turn = try follower.turn { stop.isPending }
      let now = Clock.monotonicNanoseconds()
      if follower.recordCount != count {
        count = follower.recordCount
        lastLine = now
      }
      wait(now - lastLine < Self.quietAfter ? Self.pause : Self.quietPause, isBlocked: turn == .blocked)
      // Also while the reader is slow: a file that is rotated twice meanwhile must be opened in time.
      if Clock.monotonicNanoseconds() - lastScan >= Self.scanInterval {
        follower.scan()
        lastScan = Clock.monotonicNanoseconds()
      }
    }
    // All was read a moment ago; what came since is little, and nobody may be there to read it later.
    let deadline = Clock.monotonicNanoseconds() + Self.lastLook
    _ = try follower.turn { Clock.monotonicNanoseconds() >= deadline }
    try end()
  }

  /// Reads to the present end, then writes the clean end.
  func runOnce() throws {
    while !stop.isPending, try follower.turn(isLast: true, isStopped: { stop.isPending }) == .blocked {
      wait(Self.quietPause, isBlocked: true)
    }
    try end()
  }

  // Waits for the reader, but not for one that stalls when we are told a second time.
  private func end() throws {
    _ = stop.take()
    follower.end()
    while try !follower.output.flush() {
      if stop.isPending { throw SystemError("end in good order; the reader takes nothing", code: EINTR) }
      wait(Self.quietPause, isBlocked: true)
    }
  }

  // A reader that is gone ends us even while the logs are quiet, as a write would.
  private func wait(_ milliseconds: Int32, isBlocked: Bool) {
    var descriptors = [
      pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: STDOUT_FILENO, events: isBlocked ? Int16(POLLOUT) : 0, revents: 0),
    ]
    guard poll(&descriptors, 2, milliseconds) > 0 else { return }
    if descriptors[1].revents & Int16(POLLERR) != 0 { raise(SIGPIPE) }
  }
}
