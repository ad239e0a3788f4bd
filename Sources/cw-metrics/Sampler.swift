internal import MetricOutput

/// Something that is sampled again and again, at its own interval.
final class Sampler {
  private(set) var schedule: Schedule
  private let take: (Moment, SampleOutput) -> Void

  /// - Parameters:
  ///   - schedule: when it is due.
  ///   - take: takes a sample and adds its records.
  init(_ schedule: Schedule, take: @escaping (Moment, SampleOutput) -> Void) {
    self.schedule = schedule
    self.take = take
  }

  /// Takes a sample if one is due.
  func sample(at moment: Moment, to output: SampleOutput) {
    guard schedule.due <= moment.monotonic else { return }
    take(moment, output)
    schedule.advance(now: moment.monotonic)
  }
}
