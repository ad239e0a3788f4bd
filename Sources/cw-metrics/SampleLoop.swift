internal import MetricOutput
internal import Records
internal import Unix

/// Measures the machine when a sample is due and writes the metrics of the time since the last one.
struct SampleLoop {
  let machine: Machine
  let commonDimensions: CommonDimensions
  /// Seconds between two samples.
  let interval: Double
  /// After how many samples to end; nil: at a signal.
  let count: Int?
  /// Further records of each sample.
  var added: () -> [MetricRecord] = { [] }

  func run(_ format: Format) throws {
    BrokenPipe.endsProgram()
    let stop = try StopSignal()
    let waiting = SampleTimer(stop: stop.descriptor, output: STDOUT_FILENO)
    Descriptor.makeWritingNonBlocking(STDOUT_FILENO)
    let patient = InterruptibleOutput(output: STDOUT_FILENO, stop: stop.descriptor, takeSignals: { stop.take().count })
    var output = SampleOutput(format, write: patient.write)
    var last = machine.snapshot()
    var schedule = Schedule(start: last.monotonic, interval: interval)
    var samples = 0
    while samples != count, !patient.isToldToStop {
      switch try waiting.wait(for: schedule) {
      case .stopped: return try output.end()
      case .readerGone: BrokenPipe.endProgram()
      case .due: break
      }
      let snapshot = machine.snapshot()
      try output.write(commonDimensions.records(of: Interval(from: last, to: snapshot)) + added())
      last = snapshot
      samples += 1
      schedule.advance(now: Clock.monotonicNanoseconds())
    }
    guard output.count > 0 else { throw CommandError(.unavailable, "nothing could be measured on this machine") }
    try output.end()
  }
}
