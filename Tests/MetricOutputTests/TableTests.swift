@testable import MetricOutput
import Records
import Testing

struct TableTests {
  @Test(
    "values as people read them",
    arguments: [
      (12.345, .percent, "12.3", "%"), (4, .count, "4", ""), (0.5, .count, "0.5", ""), (0.04, .countPerSecond, "0.0", "/s"),
      (1_234_567.89, .countPerSecond, "1234567.9", "/s"), (0, .bytes, "0.0", "B"), (1023, .bytes, "1023.0", "B"),
      (1023.96, .bytes, "1.0", "KiB"), (1024, .bytes, "1.0", "KiB"), (1536, .bytesPerSecond, "1.5", "KiB/s"),
      (1_048_575, .bytes, "1.0", "MiB"), (8_589_934_592, .bytes, "8.0", "GiB"), (1e30, .bytes, "867361737988.4", "EiB"),
      (0, .seconds, "0.0", "s"), (119.94, .seconds, "119.9", "s"), (120, .seconds, "2.0", "min"),
      (86_400, .seconds, "24.0", "h"), (216_000, .seconds, "2.5", "d"), (1e300, .countPerSecond, "1e+300", "/s"), (1.25, nil, "1.3", ""),
    ] as [(Double, MetricUnit?, String, String)])
  func readable(value: Double, unit: MetricUnit?, number: String, text: String) {
    let shown = Table.readable(value, unit: unit)
    #expect(shown.number == number)
    #expect(shown.unit == text)
  }

  @Test func columnsAreAligned() {
    let commonDimensions = CommonDimensions(namespace: nil, interval: 60, instanceId: "pi-1", hostname: "pi")
    let dimensions = commonDimensions.dimensions
    let records = [
      MetricRecord(name: "CPUCount", measurement: .value(4), unit: "Count", timestamp: 0, dimensions: dimensions),
      MetricRecord(
        name: "DiskSpaceUtilization", measurement: .value(12.5), unit: "Percent", timestamp: 0,
        dimensions: dimensions + [.init(name: "Path", value: "/a\u{1B}[2J")]),
      MetricRecord(name: "NetworkIn", measurement: .value(2048), unit: "Bytes/Second", timestamp: 0, dimensions: dimensions),
    ]
    #expect(
      Table.text(records) == """
        CPUCount                 4         InstanceId=pi-1 Hostname=pi
        DiskSpaceUtilization  12.5  %      InstanceId=pi-1 Hostname=pi Path=/a\\u{1B}[2J
        NetworkIn              2.0  KiB/s  InstanceId=pi-1 Hostname=pi

        """)
  }

  @Test func nothingIsNoLine() {
    #expect(Table.text([MetricRecord]()) == "")
  }
}
