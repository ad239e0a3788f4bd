internal import MetricOutput
internal import Records
internal import Unix

/// Takes samples when they are due, and writes each in one piece.
struct SampleLoop {
  let samplers: [Sampler]
  /// After how many samples to end; nil: at a signal.
  let count: Int?

  func run(_ format: Format) throws {
    BrokenPipe.endsProgram()
    let stop = try StopSignal()
    let waiting = SampleTimer(stop: stop.descriptor, output: STDOUT_FILENO)
    Descriptor.makeWritingNonBlocking(STDOUT_FILENO)
    let patient = InterruptibleOutput(output: STDOUT_FILENO, stop: stop.descriptor, takeSignals: { stop.take().count })
    let output = SampleOutput(format, write: patient.write)
    var samples = 0
    while samples != count, !patient.isToldToStop {
      guard let next = samplers.min(by: { $0.schedule.due < $1.schedule.due }) else { break }
      switch try waiting.wait(for: next.schedule) {
      case .stopped: return try output.end()
      case .readerGone: BrokenPipe.endProgram()
      case .due: break
      }
      let now = Moment(timestamp: Clock.realtimeMilliseconds(), monotonic: Clock.monotonicNanoseconds())
      for sampler in samplers { sampler.sample(at: now, to: output) }
      try output.endSample()
      samples += 1
    }
    guard output.count > 0 else { throw CommandError(.unavailable, "nothing could be measured on this machine") }
    try output.end()
  }
}

extension Sampler {
  /// The original's metrics: the first sample after the interval or after a second, whichever is sooner.
  static func original(_ machine: Machine, _ commonDimensions: CommonDimensions, interval: Double, added: ExecRecords?) -> Sampler {
    let metrics = OriginalMetrics(commonDimensions)
    var last = machine.snapshot()
    var next = last
    return Sampler(Schedule(start: last.monotonic, interval: interval)) { _, output in
      machine.read(into: &next)
      metrics.add(Interval(from: last, to: next), to: output)
      swap(&last, &next)
      for record in added?.records() ?? [] { output.add(record) }
    }
  }

  /// What a program adds, at once and then at the interval.
  static func added(_ records: ExecRecords, interval: Double) -> Sampler {
    Sampler(Schedule(due: Clock.monotonicNanoseconds(), interval: interval)) { _, output in
      for record in records.records() { output.add(record) }
    }
  }
}
