import MetricOutput
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
    #expect(lines.count == Catalogue.metrics.count)
    #expect(lines.first == "CPUCount              Count         logical processors online")
    #expect(lines.allSatisfy { $0.count <= 120 })
  }

  @Test func theManualTellsOfEach() throws {
    let manual = String(decoding: try TextFile.read(RecordedMachine.repository + "/man/cw-metrics.1"), as: UTF8.self)
    for metric in Catalogue.metrics {
      #expect(manual.contains(".It Cm \(metric.name) Pq \(metric.unit.rawValue)\n"), "\(metric.name)")
    }
  }

  @Test func nothingIsToldOfAMachineOfWhichNothingIsKnown() {
    let nothing = Snapshot(timestamp: 0, monotonic: 0)
    let interval = Interval(from: nothing, to: Snapshot(timestamp: 1000, monotonic: 1_000_000_000))
    for metric in Catalogue.metrics { #expect(metric.readings(interval).isEmpty, "\(metric.name)") }
  }
}
