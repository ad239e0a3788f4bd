internal import Unix

/// Follows until told to stop: reads what there is, waits a moment, looks at the paths now and then.
struct FollowLoop {
  private let follower: Follower
  private let stop: StopSignal

  /// Milliseconds between two looks at the files: polling works on every file system, and a look costs one fstat(2).
  private static let pause: Int32 = 250
  /// Nanoseconds between two looks at the paths, for rotation and new files.
  private static let scanInterval: Int64 = 1_000_000_000

  init(_ follower: Follower, stop: StopSignal) {
    self.follower = follower
    self.stop = stop
  }

  func run() throws {
    var lastScan = Clock.monotonicNanoseconds()
    while !stop.isPending {
      try follower.drain { stop.isPending }
      if wait() {
        // All was read a moment ago; what came since is little, and nobody may be there to read it later.
        return try follower.drain { false }
      }
      let now = Clock.monotonicNanoseconds()
      if now - lastScan >= Self.scanInterval {
        follower.scan(now: now)
        lastScan = now
      }
    }
  }

  // True if we shall stop. A reader that is gone ends us even while the logs are quiet, as a write would.
  private func wait() -> Bool {
    var descriptors = [
      pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
    ]
    guard poll(&descriptors, 2, Self.pause) > 0 else { return false }
    if descriptors[1].revents & Int16(POLLERR) != 0 { raise(SIGPIPE) }
    return descriptors[0].revents != 0
  }
}
