internal import MetricOutput
internal import Unix

/// Something that is sampled again and again, at its own interval.
final class Sampler {
  private(set) var schedule: Schedule
  private let take: (Moment, SampleOutput) -> Void
  private let clock: () -> Int64

  /// - Parameters:
  ///   - schedule: when it is due.
  ///   - clock: the monotonic one, in nanoseconds.
  ///   - take: takes a sample and adds its records.
  init(
    _ schedule: Schedule, clock: @escaping () -> Int64 = Clock.monotonicNanoseconds, take: @escaping (Moment, SampleOutput) -> Void
  ) {
    self.clock = clock
    self.schedule = schedule
    self.take = take
  }

  /// Takes a sample if one is due.
  func sample(at moment: Moment, to output: SampleOutput) {
    guard schedule.due <= moment.monotonic else { return }
    take(moment, output)
    // What took longer than its interval leaves samples out, and does not run without a pause.
    schedule.advance(now: max(clock(), moment.monotonic))
  }
}
