internal import Records
internal import Unix

/// Runs the program of `--exec`, which adds records to each sample.
final class ExecRecords {
  /// Bytes of output that are accepted, enough for some ten thousand records.
  static let outputLimit = 4 << 20

  private let command: String
  private let seconds: Double
  private let warn: (String) -> Void
  private var lastWarning: String?

  /// - Parameters:
  ///   - command: run by the shell.
  ///   - interval: seconds between two samples, of which the program may take half, but at least one second and at most ten.
  ///   - warn: called with a sentence, once for each kind of error.
  init(_ command: String, interval: Double, warn: @escaping (String) -> Void) {
    self.command = command
    seconds = min(max(interval / 2, 1), 10)
    self.warn = warn
  }

  /// Runs the program and returns its records; none if it does not end them with an end record.
  func records() -> [MetricRecord] {
    do {
      let result = try ChildProcess.run(["/bin/sh", "-c", command], outputLimit: Self.outputLimit, seconds: seconds)
      switch result.termination {
      case .tooSlow: report("took more than \(seconds) seconds")
      case .tooMuchOutput: report("printed more than \(Self.outputLimit) bytes")
      case .killed(let signal): report("was killed by signal \(signal)")
      // Any exit status is accepted: it may say something about what was measured.
      case .exited(let status): return result.output.withUnsafeBytes { parse($0, status) }
      }
    } catch {
      report((error as? any Failure)?.message ?? "\(error)")
    }
    return []
  }

  private func parse(_ output: UnsafeRawBufferPointer, _ status: Int32) -> [MetricRecord] {
    var records: [MetricRecord] = []
    for (index, line) in Lines(output).enumerated() {
      switch MetricRecord.parse(line) {
      case .record(let record): records.append(record)
      case .end(let count) where count == Int64(records.count):
        lastWarning = nil
        return records
      case .end(let count): return refuse("said that it printed \(count) records, and printed \(records.count)")
      case .invalid(let reason): return refuse("printed no metric record in line \(index + 1): \(reason)")
      }
    }
    return refuse("ended with status \(status) and without {\"end\":N} after its records")
  }

  private func refuse(_ what: String) -> [MetricRecord] {
    report(what)
    return []
  }

  private func report(_ what: String) {
    guard what != lastWarning else { return }
    lastWarning = what
    warn("--exec: the command \(what); its records are left out")
  }
}
