import Testing

@testable internal import PutMetricsCommand
internal import Config
internal import Records

@Suite struct DatumRulesTests {
  private static let now: Int64 = 1_795_341_600_000
  private static let day: Int64 = 24 * 60 * 60 * 1000
  private static let hour: Int64 = 60 * 60 * 1000

  private static func record(_ change: (inout MetricRecord) -> Void = { _ in }) -> MetricRecord {
    var record = MetricRecord(name: "n", measurement: .value(1), timestamp: now)
    change(&record)
    return record
  }

  private func isTaken(_ record: MetricRecord, namespace: String = "System/Pi") -> Bool {
    DatumRules.validationError(of: record, namespace: namespace, now: Self.now) == nil
  }

  @Test(arguments: [
    ("System/Pi", true), ("A b:c", true), (String(repeating: "x", count: 255), true), ("", false), ("  ", false),
    (String(repeating: "x", count: 256), false), (":a", false), ("AWS/EC2", false), ("AWS", true), ("aws/x", true), ("gr\u{FC}n", false),
    ("tab\t", false),
  ])
  func namespaces(namespace: String, isValid: Bool) {
    #expect(NameRules.isNamespace(namespace) == isValid)
    #expect(isTaken(Self.record(), namespace: namespace) == isValid)
  }

  @Test(arguments: [
    ("CPUUtilization", true), ("with space %", true), (String(repeating: "x", count: 255), true), ("", false), ("   ", false),
    (String(repeating: "x", count: 256), false), ("gr\u{FC}n", false), ("a\n", false), ("\u{7F}", false),
  ])
  func names(name: String, isValid: Bool) { #expect(isTaken(Self.record { $0.name = name }) == isValid) }

  @Test(arguments: [
    ("InstanceId", "rpi-1", true), ("a", String(repeating: "x", count: 1024), true), (String(repeating: "x", count: 255), "v", true),
    ("a", String(repeating: "x", count: 1025), false), (String(repeating: "x", count: 256), "v", false), ("", "v", false), ("a", "", false),
    ("a", " ", false), (":a", "v", false), ("a", ":v", true), ("a", "\u{E4}", false), ("\u{E4}", "v", false), ("a", "\u{0}", false),
  ])
  func dimensions(name: String, value: String, isValid: Bool) {
    #expect(isTaken(Self.record { $0.dimensions = [.init(name: name, value: value)] }) == isValid)
  }

  @Test(arguments: [(0, true), (30, true), (31, false)])
  func numberOfDimensions(count: Int, isValid: Bool) {
    #expect(isTaken(Self.record { $0.dimensions = (0..<count).map { .init(name: "d\($0)", value: "v") } }) == isValid)
  }

  @Test(
    arguments: [
      (nil, true), ("None", true), ("Percent", true), ("Bytes/Second", true), ("Terabits", true), ("Count/Second", true),
      ("percent", false),
      ("", false), ("Percent/Second", false), ("Minutes", false),
    ] as [(String?, Bool)])
  func units(unit: String?, isValid: Bool) { #expect(isTaken(Self.record { $0.unit = unit }) == isValid) }

  @Test(arguments: [(nil, true), (1, true), (60, true), (0, false), (5, false), (-1, false)] as [(Int?, Bool)])
  func resolutions(resolution: Int?, isValid: Bool) { #expect(isTaken(Self.record { $0.resolution = resolution }) == isValid) }

  // Two weeks back and two hours ahead; the far ends must not stop the program.
  @Test(
    arguments: [
      (now, true), (now - 14 * day, true), (now - 14 * day - 1, false), (now + 2 * hour, true), (now + 2 * hour + 1, false), (0, false),
      (Int64.min, false), (Int64.max, false), (Int64.min + 1, false),
    ] as [(Int64, Bool)])
  func timestamps(timestamp: Int64, isValid: Bool) { #expect(isTaken(Self.record { $0.timestamp = timestamp }) == isValid) }

  @Test(
    arguments: [
      (.value(0), true), (.value(-0x1p360), true), (.value(0x1p360), true), (.value(0x1.0000000000001p360), false), (.value(.nan), false),
      (.value(.infinity), false), (.value(-.infinity), false), (.distribution(values: [1, 2], counts: [1, 2]), true),
      (.distribution(values: [1], counts: [0]), false), (.distribution(values: [1], counts: [-1]), false),
      (.distribution(values: [.nan], counts: [1]), false), (.distribution(values: [1], counts: [.nan]), false),
      (.distribution(values: [1], counts: [.infinity]), false), (.statistics(count: 2, sum: 3, minimum: 1, maximum: 2), true),
      (.statistics(count: 1, sum: 1, minimum: 1, maximum: 1), true), (.statistics(count: 0, sum: 0, minimum: 0, maximum: 0), false),
      (.statistics(count: 1, sum: 1, minimum: 2, maximum: 1), false), (.statistics(count: 1, sum: .nan, minimum: 1, maximum: 1), false),
      (.statistics(count: 1, sum: 1, minimum: .nan, maximum: 1), false), (.statistics(count: .nan, sum: 1, minimum: 1, maximum: 1), false),
      (.statistics(count: 1, sum: .infinity, minimum: 1, maximum: 1), false),
    ] as [(MetricRecord.Measurement, Bool)])
  func measurements(measurement: MetricRecord.Measurement, isValid: Bool) {
    #expect(isTaken(Self.record { $0.measurement = measurement }) == isValid)
  }
}
