import Config
import MetricOutput
import Records
import Testing
import Unix

@testable import MetricsCommand

struct CatalogueTests {
  @Test func namesAreUniqueAndInOrder() {
    for (one, next) in zip(Catalogue.metrics, Catalogue.metrics.dropFirst()) { #expect(one.name < next.name) }
  }

  @Test func theThirteenOfTheOriginalAndDiskSpace() {
    #expect(
      Catalogue.metrics.map { "\($0.name) \($0.unit.rawValue)" } == [
        "CPUCount Count", "CPUUtilization Percent", "DiskReadBytes Bytes/Second", "DiskReadOps Count/Second",
        "DiskSpaceUtilization Percent", "DiskWriteBytes Bytes/Second", "DiskWriteOps Count/Second", "MemoryAvailable Bytes",
        "MemoryUsed Bytes", "MemoryUtilization Percent", "NetworkIn Bytes/Second", "NetworkOut Bytes/Second",
        "NetworkPacketsIn Count/Second", "NetworkPacketsOut Count/Second",
      ])
  }

  @Test func isListedOneLineEach() {
    let lines = Catalogue.text.split(separator: "\n")
    let fields = PluginCatalogue.plugins.flatMap(\.fields)
    #expect(lines.count == 1 + Catalogue.metrics.count + fields.count + 1)
    #expect(lines[1].split(separator: " ").prefix(4) == ["CPUCount", "Count", "0.30", "/proc/stat"])
    #expect(lines.contains { $0.hasPrefix("cpu_usage_active ") && $0.hasSuffix("(each cpu)") })
    #expect(lines.last?.contains("each series") == true)
  }

  @Test func theManualTellsOfEach() throws {
    let manual = String(decoding: try TextFile.read(RecordedMachine.repository + "/man/cw-metrics.1"), as: UTF8.self)
    for metric in Catalogue.metrics {
      #expect(manual.contains(".It Cm \(metric.name) Pq \(metric.unit.rawValue)\n"), "\(metric.name)")
    }
    for plugin in PluginCatalogue.plugins {
      for field in plugin.fields {
        let name = plugin.metricName(of: field)
        #expect(manual.contains(".It Cm \(name) Pq \(field.unit.rawValue)\n"), "\(name)")
      }
    }
  }

  @Test func nothingIsToldOfAMachineOfWhichNothingIsKnown() {
    let nothing = Snapshot(timestamp: 0, monotonic: 0)
    let interval = Interval(from: nothing, to: Snapshot(timestamp: 1000, monotonic: 1_000_000_000))
    for metric in Catalogue.metrics {
      if case .machine(let value) = metric.value { #expect(value(interval) == nil, "\(metric.name)") }
    }
  }
}
