internal import Records
internal import Unix

/// Records that another program makes for each sample: figures that only it knows.
final class ExecRecords {
  /// In bytes; some ten thousand records.
  static let outputLimit = 4 << 20

  private let command: String
  private let seconds: Double
  private let warn: (String) -> Void
  private var lastWarning: String?

  /// - Parameters:
  ///   - command: run by the shell.
  ///   - interval: seconds between two samples, of which the program may take half, but at least one second and at most ten.
  ///   - warn: told what is the matter with it, once for each kind of trouble.
  init(_ command: String, interval: Double, warn: @escaping (String) -> Void) {
    self.command = command
    seconds = min(max(interval / 2, 1), 10)
    self.warn = warn
  }

  /// Runs the program; nothing if it does not bring its records to a clean end.
  func records() -> [MetricRecord] {
    do {
      let result = try ChildProcess.run(["/bin/sh", "-c", command], outputLimit: Self.outputLimit, seconds: seconds)
      switch result.termination {
      case .tooSlow: report("took more than \(seconds) seconds")
      case .tooMuchOutput: report("printed more than \(Self.outputLimit) bytes")
      case .killed(let signal): report("was killed by signal \(signal)")
      // Whatever status it ends with: that may say something about what it has measured.
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
