import Testing

@testable internal import PutMetricsCommand
internal import Records
internal import TestSupport
internal import Unix

@Suite struct MetricFoldingTests {
  private static let minute: Int64 = 1_795_341_600_000

  private static func record(
    _ value: Double, at second: Double = 0, name: String = "a", resolution: Int? = nil, _ change: (inout MetricRecord) -> Void = { _ in }
  ) -> MetricRecord {
    var record = MetricRecord(
      namespace: "N", name: name, measurement: .value(value), unit: "Count", timestamp: minute + Int64(second * 1000),
      resolution: resolution)
    change(&record)
    return record
  }

  private func fold(_ records: [MetricRecord], storageResolution: Int? = nil) -> [MetricRecord] {
    var folding = MetricFolding(storageResolution: storageResolution)
    records.forEach { folding.add($0) }
    #expect(folding.folded.reduce(0) { $0 + $1.records } == records.count)
    return folding.folded.map(\.record)
  }

  @Test func samplesOfOneMinuteAreOneMetricWithEveryValue() {
    let folded = fold([3, 1, 3, 2].enumerated().map { Self.record($0.element, at: Double($0.offset) * 15) } + [Self.record(9, at: 60)])
    #expect(folded.map(\.measurement) == [.distribution(values: [3, 1, 2], counts: [2, 1, 1]), .value(9)])
    #expect(folded.map(\.timestamp) == [Self.minute, Self.minute + 60_000])
  }

  /// What differs in anything that makes a metric stays apart.
  @Test func onlyTheSameMetricIsFolded() {
    let one = Self.record(1)
    let others = [
      Self.record(1, name: "b"), Self.record(1) { $0.namespace = "M" }, Self.record(1) { $0.unit = nil },
      Self.record(1) { $0.unit = "Bytes" },
      Self.record(1) { $0.dimensions = [.init(name: "x", value: "y")] }, Self.record(1, resolution: 1), Self.record(1, at: -0.001),
      Self.record(1) { $0.measurement = .statistics(count: 1, sum: 1, minimum: 1, maximum: 1) },
    ]
    for other in others { #expect(fold([one, other]) == [one, other]) }
  }

  @Test func aHighResolutionMetricIsFoldedByTheSecondUnlessToldOtherwise() {
    let records = (0..<120).map { Self.record(Double($0), at: Double($0) / 2, resolution: 1) }
    #expect(fold(records).count == 60)
    let stored = fold(records, storageResolution: 60)
    #expect(stored.count == 1 && stored[0].resolution == nil)
    #expect(stored[0].measurement == .distribution(values: (0..<120).map(Double.init), counts: Array(repeating: 1, count: 120)))
  }

  @Test(arguments: [150, 151, 300, 301, 1000])
  func moreValuesThanAMetricTakesComeInParts(count: Int) {
    let parts = fold((0..<count).map { Self.record(Double($0)) })
    #expect(parts.count == (count + 149) / 150)
    #expect(parts.flatMap { Self.values($0) } == (0..<count).map { .init($0) })
    // So does one record with as many.
    let one = Self.record(0) { $0.measurement = .distribution(values: (0..<count).map(Double.init), counts: (0..<count).map { _ in 2 }) }
    #expect(fold([one]).flatMap { Self.values($0) } == (0..<count).map { .init($0) })
  }

  /// However samples fall into minutes: all are there, in the minute that is theirs, exactly.
  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func everyValueIsKept(seed: UInt64) {
    var random = SeededGenerator(seed)
    let records = (0..<500).map { _ in
      Self.record(Double(random.pick(-20...20)) / 7, at: Double(random.pick(0...600)), name: "m\(random.pick(0...2))") { record in
        guard random.pick(0...9) == 0 else { return }
        record.measurement = .distribution(values: [1 / 3, 0.1], counts: [2, Double(random.pick(1...5))])
      }
    }
    #expect(Self.histogram(fold(records)) == Self.histogram(records))
  }

  // MARK: -

  private static func values(_ record: MetricRecord) -> [Double] {
    switch record.measurement {
    case .value(let value): [value]
    case .distribution(let values, _): values
    case .statistics: []
    }
  }

  private static func histogram(_ records: [MetricRecord]) -> [String: Double] {
    var result: [String: Double] = [:]
    for record in records {
      let key = "\(record.name) \(record.timestamp / 60_000) "
      switch record.measurement {
      case .value(let value): result[key + "\(value)", default: 0] += 1
      case .distribution(let values, let counts):
        for (value, count) in zip(values, counts) { result[key + "\(value)", default: 0] += count }
      case .statistics: break
      }
    }
    return result
  }
}
