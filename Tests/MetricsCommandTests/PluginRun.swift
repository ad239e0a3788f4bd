import Config
import MetricOutput
import Records
import Testing
import Unix

@testable import MetricsCommand

/// The plugins of a configuration on a machine that a test makes up.
final class PluginRun {
  let machine: ScratchMachine
  private(set) var warnings: [String] = []
  private var plugins: PluginSet?

  /// - Parameters:
  ///   - collected: what stands in `metrics_collected`.
  ///   - others: what else stands in the configuration, as members with a comma behind them.
  init(_ collected: String, others: String = "", _ files: [String: String] = [:]) throws {
    machine = try ScratchMachine(files)
    let text = #"{"agent":{"hostname":"h"},\#(others)"metrics":{"metrics_collected":\#(collected)}}"#
    let file = try ConfigurationFile(path: "f", text: Array(text.utf8))
    #expect(file.diagnostics.map(\.text) == [])
    plugins = try PluginSet(file.configuration, root: machine.root, interval: 60) { [weak self] in self?.warnings.append($0) }
  }

  /// Takes a sample: values by name and dimensions, such as `net_bytes_sent host=h interface=eth0`. Of several equal ones the sum.
  func sample(at seconds: Double) -> [String: Double] {
    var values: [String: Double] = [:]
    for record in records(at: seconds) {
      let dimensions = record.dimensions.map { " \($0.name)=\($0.value)" }.joined()
      if case .value(let value) = record.measurement { values[record.name + dimensions, default: 0] += value }
    }
    return values
  }

  func records(at seconds: Double) -> [MetricRecord] {
    var written: [UInt8] = []
    let output = SampleOutput(.json) { written += Array($0) }
    plugins?.sample(at: Moment(timestamp: Int64(seconds * 1000), monotonic: Int64(seconds * 1e9)), to: output)
    #expect(throws: Never.self) { try output.endSample() }
    return written.withUnsafeBytes { bytes in
      Lines(bytes).compactMap { line in
        if case .record(let record) = MetricRecord.parse(line) { return record }
        Issue.record("\(line.text)")
        return nil
      }
    }
  }
}

/// Whether two samples are the same but for rounding.
func expectEqual(_ values: [String: Double], _ wanted: [String: Double]) {
  #expect(values.keys.sorted() == wanted.keys.sorted())
  for (name, value) in wanted {
    #expect(abs((values[name] ?? .nan) - value) <= 1e-9 * max(abs(value), 1), "\(name): \(values[name] ?? .nan)")
  }
}
