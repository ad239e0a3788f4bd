internal import Figures
internal import Records
internal import Tool
internal import Unix

/// Reads the machine when a sample is due and writes what it did since the last reading.
struct SampleLoop {
  let machine: Machine
  let labels: Labels
  /// Seconds between two samples.
  let interval: Double
  /// After how many samples to end; nil: at a signal.
  let count: Int?
  /// What else belongs to a sample.
  var added: () -> [MetricRecord] = { [] }

  func run(_ output: SampleOutput) throws {
    var output = output
    // Whoever started us may ignore it (systemd does by default); a reader that is gone is no error to speak about.
    signal(SIGPIPE, SIG_DFL)
    let stop = try StopSignal()
    let waiting = Waiting(stop: stop.descriptor, output: output.descriptor)
    var last = machine.snapshot()
    var schedule = Schedule(start: last.monotonic, interval: interval)
    var samples = 0
    while samples != count {
      switch try waiting.wait(for: schedule) {
      case .stopped: return try output.end()
      case .readerGone: raise(SIGPIPE)
      case .due: break
      }
      let snapshot = machine.snapshot()
      try output.write(labels.records(of: Interval(from: last, to: snapshot)) + added())
      last = snapshot
      samples += 1
      schedule.advance(now: Clock.monotonicNanoseconds())
    }
    guard output.count > 0 else { throw ToolError(.unavailable, "nothing could be measured on this machine") }
    try output.end()
  }
}
