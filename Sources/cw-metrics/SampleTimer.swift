internal import Unix

/// The pause between two samples, which a stop signal or a closed output ends.
struct SampleTimer {
  /// Becomes readable when the program shall stop.
  let stop: Int32
  /// Where the samples go.
  let output: Int32

  enum Outcome: Equatable {
    case due
    case stopped
    /// The reader of the output is gone.
    case readerGone
  }

  func wait(for schedule: Schedule) throws -> Outcome {
    while true {
      let now = Clock.monotonicNanoseconds()
      // No events are requested of the output: poll(2) reports errors and hang-ups anyway.
      var polls = (pollfd(fd: stop, events: Int16(POLLIN), revents: 0), pollfd(fd: output, events: 0, revents: 0))
      let ready = withUnsafeMutableBytes(of: &polls) {
        poll($0.baseAddress?.assumingMemoryBound(to: pollfd.self), 2, schedule.milliseconds(from: now))
      }
      if ready < 0, errno != EINTR { throw SystemError("wait for the next sample") }
      if ready > 0 { return polls.0.revents == 0 && BrokenPipe.isBroken(polls.1) ? .readerGone : .stopped }
      if Clock.monotonicNanoseconds() >= schedule.due { return .due }
    }
  }
}
