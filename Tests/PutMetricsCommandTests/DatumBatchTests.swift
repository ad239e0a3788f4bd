import Testing

@testable internal import PutMetricsCommand
internal import Records
internal import TestSupport
internal import Unix

@Suite struct DatumBatchTests {
  @Test func writesTheBodyOfTheCall() {
    let batch = DatumBatch(namespace: "System/\"Pi\"")
    let records = [
      MetricRecord(
        name: "a", measurement: .value(12.5), unit: "Percent", timestamp: 1_795_341_600_123,
        dimensions: [.init(name: "Id", value: "1"), .init(name: "Host", value: "p\"i")]),
      MetricRecord(
        name: "b", measurement: .distribution(values: [1, 2.5], counts: [3, 1]), timestamp: 1_795_341_600_000, resolution: 1),
      MetricRecord(name: "c", measurement: .statistics(count: 2, sum: 3, minimum: 1, maximum: 2), timestamp: 1000),
    ]
    for record in records { #expect(batch.add(record)) }
    #expect(batch.count == 3)
    batch.seal()
    #expect(
      batch.body.bytes.text == #"{"Namespace":"System/\"Pi\"","MetricData":["#
        + #"{"MetricName":"a","Dimensions":[{"Name":"Id","Value":"1"},{"Name":"Host","Value":"p\"i"}],"Timestamp":1795341600.123,"Value":12.5,"Unit":"Percent"},"#
        + #"{"MetricName":"b","Timestamp":1795341600,"Values":[1,2.5],"Counts":[3,1],"StorageResolution":1},"#
        + #"{"MetricName":"c","Timestamp":1,"StatisticValues":{"SampleCount":2,"Sum":3,"Minimum":1,"Maximum":2}}]}"#)
  }

  // "PutMetricData", API Reference.
  @Test func holdsAThousandMetrics() throws {
    let batch = DatumBatch(namespace: "N")
    for index in 0..<1000 { #expect(batch.add(Self.record("m\(index)"))) }
    #expect(!batch.add(Self.record("one more")))
    #expect(batch.count == 1000)
    batch.seal()
    #expect(try Self.names(batch) == (0..<1000).map { "m\($0)" })
  }

  /// The service takes 1 MB; the batch is filled as far as that allows.
  @Test func staysBelowAMegabyte() throws {
    let batch = DatumBatch(namespace: "N")
    let dimensions = (0..<30).map { MetricRecord.Dimension(name: "d\($0)", value: String(repeating: "x", count: 1024)) }
    var names: [String] = []
    while batch.add(MetricRecord(name: "m\(names.count)", measurement: .value(1), timestamp: 1000, dimensions: dimensions)) {
      names.append("m\(names.count)")
    }
    batch.seal()
    #expect(batch.body.count <= 999_000)
    #expect(batch.body.count + batch.body.count / names.count > 999_000, "there was room for one more")
    #expect(try Self.names(batch) == names)
  }

  @Test(arguments: [2, 3, 4, 5, 7, 10, 999, 1000])
  func halvesHoldTheSameInTheSameOrder(count: Int) throws {
    let batch = DatumBatch(namespace: "A/\"B\"")
    for index in 0..<count {
      let measurement: MetricRecord.Measurement = index % 3 == 0 ? .distribution(values: [1, 2], counts: [1, 1]) : .value(1)
      _ = batch.add(MetricRecord(name: "m],[\(index)", measurement: measurement, timestamp: 1000))
    }
    batch.seal()
    let whole = try JSONValue(batch.body.bytes)
    let (first, second) = batch.halves()
    #expect(first.count + second.count == count)
    #expect(abs(first.count - second.count) <= 1)
    let halves = try [first, second].map { try JSONValue($0.body.bytes) }
    #expect(halves.flatMap { $0["MetricData"]?.elements ?? [] } == whole["MetricData"]?.elements)
    for half in [first, second] { #expect(half.namespace == "A/\"B\"") }
    for half in halves { #expect(half["Namespace"] == .string("A/\"B\"")) }
    #expect(try JSONValue(batch.body.bytes) == whole, "the batch itself stays as it was")
  }

  /// What the search for one bad metric does: halves of halves, down to single ones.
  @Test(arguments: [2, 3, 13, 64])
  func halvingEndsAtSingleMetrics(count: Int) throws {
    let batch = DatumBatch(namespace: "N")
    for index in 0..<count { _ = batch.add(Self.record("m\(index)")) }
    batch.seal()
    var open = [batch]
    var single: [DatumBatch] = []
    while let next = open.popLast() {
      if next.count == 1 {
        single.append(next)
      } else {
        let (first, second) = next.halves()
        open += [second, first]
      }
    }
    #expect(try single.flatMap(Self.names) == (0..<count).map { "m\($0)" })
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func theServiceReadsWhatTheRecordsSaid(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let batch = DatumBatch(namespace: random.text(scalars: 5))
    let records = (0..<30).map { _ in
      MetricRecord(
        name: random.text(scalars: 8), measurement: .value(Double(random.pick(-1_000_000...1_000_000)) / 64), unit: "Count",
        timestamp: Int64(random.pick(0...2_000_000_000_000)),
        dimensions: [.init(name: random.text(scalars: 3), value: random.text(scalars: 9))])
    }
    for record in records { #expect(batch.add(record)) }
    batch.seal()
    let json = try JSONValue(batch.body.bytes)
    #expect(json["Namespace"] == .string(batch.namespace))
    let data = try #require(json["MetricData"]?.elements)
    #expect(data.count == records.count)
    for (datum, record) in zip(data, records) {
      #expect(datum["MetricName"] == .string(record.name))
      let value: Double? = if case .value(let value) = record.measurement { value } else { nil }
      #expect(datum["Value"]?.number == value)
      let seconds = try #require(datum["Timestamp"]?.number)
      #expect(Int64((seconds * 1000).rounded()) == record.timestamp)
      let dimension = try #require(datum["Dimensions"]?.elements.first)
      #expect(dimension == .object(["Name": .string(record.dimensions[0].name), "Value": .string(record.dimensions[0].value)]))
    }
  }

  // MARK: -

  private static func record(_ name: String) -> MetricRecord { MetricRecord(name: name, measurement: .value(1), timestamp: 1000) }

  private static func names(_ batch: DatumBatch) throws -> [String] {
    try JSONValue(batch.body.bytes)["MetricData"]?.elements.compactMap { $0["MetricName"]?.string } ?? []
  }
}
