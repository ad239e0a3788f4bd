import MetricOutput
import Records
import Testing
import Unix

@testable import MetricsCommand

struct OriginalMetricsTests {
  private let interval: Interval = {
    var end = Snapshot(timestamp: 1_795_341_600_000, monotonic: 0)
    end.cpu = CPU(times: CPU.Times(), count: 4)
    end.fileSystems = ["/", "/srv"].compactMap {
      FileSystem.Usage(path: $0, Space(blockSize: 1, blocks: 4, free: 3, available: 3, inodes: 0, freeInodes: 0))
    }
    return Interval(from: Snapshot(timestamp: 0, monotonic: 0), to: end)
  }()

  @Test func everyRecordCarriesThem() throws {
    let commonDimensions = CommonDimensions(namespace: "System/Pi", interval: 10, instanceId: "pi-1", hostname: "pi")
    let machine: [MetricRecord.Dimension] = [.init(name: "InstanceId", value: "pi-1"), .init(name: "Hostname", value: "pi")]
    func record(_ name: String, _ value: Double, _ unit: String, _ path: [MetricRecord.Dimension] = []) -> MetricRecord {
      MetricRecord(
        namespace: "System/Pi", name: name, measurement: .value(value), unit: unit, timestamp: 1_795_341_600_000, resolution: 1,
        dimensions: machine + path)
    }
    #expect(
      try records(commonDimensions) == [
        record("CPUCount", 4, "Count"), record("DiskSpaceUtilization", 25, "Percent", [.init(name: "Path", value: "/")]),
        record("DiskSpaceUtilization", 25, "Percent", [.init(name: "Path", value: "/srv")]),
      ])
  }

  @Test func whatJSONCannotSayIsLeftOut() throws {
    let commonDimensions = CommonDimensions(namespace: nil, interval: nil, instanceId: "pi-1", hostname: "pi")
    let catalogue = [
      Metric("A", .count, "", "") { _ in .nan }, Metric("B", .count, "", "") { _ in .infinity }, Metric("C", .count, "", "") { _ in 1 },
    ]
    #expect(try records(commonDimensions, catalogue).map(\.name) == ["C"])
  }

  // Twice, since the second sample is made of what the first has left.
  private func records(_ common: CommonDimensions, _ catalogue: [Metric] = Catalogue.metrics) throws -> [MetricRecord] {
    let metrics = OriginalMetrics(common, catalogue: catalogue)
    var samples: [[UInt8]] = []
    let output = SampleOutput(.json) { samples.append(Array($0)) }
    for _ in 0..<2 {
      metrics.add(interval, to: output)
      try output.endSample()
    }
    #expect(samples.count == 2 && samples.first == samples.last)
    return (samples.first ?? []).withUnsafeBytes { bytes in
      Lines(bytes).compactMap { line in
        if case .record(let record) = MetricRecord.parse(line) { record } else { nil }
      }
    }
  }
}
