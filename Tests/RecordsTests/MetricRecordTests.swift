import Testing

@testable internal import Records
internal import TestSupport
internal import Unix

@Suite struct MetricRecordTests {
  @Test(arguments: [
    (
      MetricRecord(
        name: "CPUUtilization", measurement: .value(12.5), unit: "Percent", timestamp: 1_795_341_600_000,
        dimensions: [.init(name: "InstanceId", value: "rpi-1"), .init(name: "Hostname", value: "pi")]),
      #"{"name":"CPUUtilization","value":12.5,"unit":"Percent","timestamp":1795341600000,"dimensions":{"InstanceId":"rpi-1","Hostname":"pi"}}"#
    ),
    (
      MetricRecord(namespace: "My/Name", name: "a\"b", measurement: .value(3), timestamp: 0, resolution: 1),
      #"{"name":"a\"b","value":3,"timestamp":0,"dimensions":{},"namespace":"My/Name","resolution":1}"#
    ),
    (
      MetricRecord(name: "d", measurement: .distribution(values: [1, 2.5], counts: [10, 1]), timestamp: 1),
      #"{"name":"d","values":[1,2.5],"counts":[10,1],"timestamp":1,"dimensions":{}}"#
    ),
    (
      MetricRecord(name: "s", measurement: .statistics(count: 2, sum: 3.5, minimum: -1, maximum: 4.5), timestamp: 1),
      #"{"name":"s","statistics":{"count":2,"sum":3.5,"minimum":-1,"maximum":4.5},"timestamp":1,"dimensions":{}}"#
    ),
  ])
  func writesAndReadsTheSame(record: MetricRecord, line: String) {
    #expect(Self.written(record) == Array((line + "\n").utf8))
    #expect(Self.parse(line.utf8) == .record(record))
  }

  @Test(arguments: [
    (#"{"timestamp":5,"value":1e3,"name":"x"}"#, MetricRecord(name: "x", measurement: .value(1000), timestamp: 5)),
    (
      #" { "name" : "x" , "extra" : [ 1 , { } ] , "value" : -0.5 , "timestamp" : 5 } "#,
      MetricRecord(name: "x", measurement: .value(-0.5), timestamp: 5)
    ),
    (
      #"{"name":"x","values":[1,2],"timestamp":5}"#,
      MetricRecord(name: "x", measurement: .distribution(values: [1, 2], counts: [1, 1]), timestamp: 5)
    ),
    (
      #"{"name":"\u00e4\/","value":1,"timestamp":5,"dimensions":{"a\"":"\n","b":""}}"#,
      MetricRecord(
        name: "\u{E4}/", measurement: .value(1), timestamp: 5, dimensions: [.init(name: "a\"", value: "\n"), .init(name: "b", value: "")])
    ),
  ])
  func readsWhatOthersWrite(line: String, record: MetricRecord) { #expect(Self.parse(line.utf8) == .record(record)) }

  @Test(arguments: [(#"{"end":0}"#, 0), (#"{ "end" : 12 }"#, 12)] as [(String, Int64)])
  func readsTheCleanEnd(line: String, count: Int64) { #expect(Self.parse(line.utf8) == .end(count)) }

  @Test func writesTheCleanEnd() {
    let buffer = ByteBuffer()
    MetricRecord.appendEnd(after: 42, to: buffer)
    #expect(buffer.bytes.text == "{\"end\":42}\n")
  }

  @Test(arguments: [
    "", "x", "[]", "{}", #"{"name":"x","value":1}"#, #"{"name":"x","timestamp":1}"#, #"{"value":1,"timestamp":1}"#,
    #"{"name":"","value":1,"timestamp":1}"#, #"{"name":"x","value":"1","timestamp":1}"#, #"{"name":"x","value":null,"timestamp":1}"#,
    #"{"name":"x","value":1,"timestamp":1.5}"#, #"{"name":"x","value":1,"timestamp":"1"}"#, #"{"name":7,"value":1,"timestamp":1}"#,
    #"{"name":"x","value":1,"values":[1],"timestamp":1}"#, #"{"name":"x","values":[],"counts":[],"timestamp":1}"#,
    #"{"name":"x","values":[1,2],"counts":[1],"timestamp":1}"#, #"{"name":"x","counts":[1],"timestamp":1}"#,
    #"{"name":"x","value":1,"statistics":{"count":1,"sum":1,"minimum":1,"maximum":1},"timestamp":1}"#,
    #"{"name":"x","statistics":{"count":1,"sum":1,"minimum":1},"timestamp":1}"#, #"{"name":"x","statistics":[1],"timestamp":1}"#,
    #"{"name":"x","value":1,"timestamp":1,"dimensions":["a"]}"#, #"{"name":"x","value":1,"timestamp":1,"dimensions":{"a":1}}"#,
    #"{"name":"x","value":1,"timestamp":1,"unit":1}"#, #"{"name":"x","value":1,"timestamp":1,"resolution":"1"}"#,
    #"{"name":"x","value":1,"timestamp":1,"namespace":{}}"#, #"{"name":"x","value":1,"timestamp":1"#,
    #"{"name":"x","value":1,"timestamp":1}}"#,
    #"{"name":"x","value":1e999,"timestamp":1}"#, #"{"name":"x","value":NaN,"timestamp":1}"#, #"{"name":"x","value":01,"timestamp":1}"#,
    #"{"end":"1"}"#, #"{"end":1,"name":"x"}"#, #"{"end":1"#,
  ])
  func refuses(line: String) {
    guard case .invalid(let reason) = Self.parse(line.utf8) else {
      Issue.record("taken: \(line)")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (12.5, "12.5"), (0.1, "0.1"), (999_999_999_999_999, "999999999999999"),
      (1.7976931348623157e308, nil), (.leastNonzeroMagnitude, nil), (1e15, nil), (-1e21, nil), (0x1p360, nil), (1.0 / 3, nil),
    ] as [(Double, String?)])
  func writesNumbersShortAndExactly(value: Double, text: String?) throws {
    let buffer = ByteBuffer()
    MetricRecord.append(value, to: buffer)
    if let text { #expect(buffer.bytes.text == text) }
    #expect(try JSONValue(Array(buffer.bytes)) == .number(value))
    #expect(Double(buffer.bytes.text) == value)
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func whatIsWrittenIsReadBackAndIsJSON(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<20 {
      let record = Self.record(&random)
      let line = Self.written(record)
      #expect(line.last == 0x0A)
      #expect(line.filter { $0 == 0x0A }.count == 1)
      #expect(Self.parse(line.dropLast()) == .record(record))
      let json = try JSONValue(line)
      #expect(json["name"] == .string(record.name))
      #expect(json["unit"] == record.unit.map(JSONValue.string))
      if case .value(let value) = record.measurement { #expect(json["value"] == .number(value)) }
      for dimension in record.dimensions { #expect(json["dimensions"]?[dimension.name] == .string(dimension.value)) }
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func aDamagedLineIsNoRecordUnlessItIsJSON(seed: UInt64) {
    var random = SeededGenerator(seed)
    for _ in 0..<50 {
      var line = Array(Self.written(Self.record(&random)).dropLast())
      for _ in 0..<random.pick(1...2) {
        let place = random.pick(0...line.count - 1)
        switch random.pick(0...3) {
        case 0: line[place] = Array("{}[]\",:\\0123456789-+.eE ".utf8)[random.pick(0...23)]
        case 1: line.insert(random.bytes(count: 1)[0], at: place)
        case 2: line.remove(at: place)
        default: line[place] ^= 1 << UInt8(random.pick(0...7))
        }
      }
      guard case .record = Self.parse(line) else { continue }
      #expect(throws: Never.self, "\(String(decoding: line, as: UTF8.self))") { try JSONValue(line) }
    }
  }

  @Test func noBeginningOfALineIsARecord() {
    var random = SeededGenerator(1)
    for _ in 0..<20 {
      let line = Self.written(Self.record(&random)).dropLast()
      for length in 0..<line.count {
        guard case .invalid = Self.parse(line.prefix(length)) else {
          Issue.record("\(length) bytes of it were taken for a record")
          continue
        }
      }
    }
  }

  // MARK: -

  private static func written(_ record: MetricRecord) -> [UInt8] {
    let buffer = ByteBuffer()
    record.append(to: buffer)
    return Array(buffer.bytes)
  }

  private static func parse(_ line: some Sequence<UInt8>) -> MetricRecord.Line {
    Array(line).withUnsafeBytes { MetricRecord.parse($0) }
  }

  private static func record(_ random: inout SeededGenerator) -> MetricRecord {
    let count = random.pick(1...4)
    let measurement: MetricRecord.Measurement =
      switch random.pick(0...2) {
      case 0: .value(number(&random))
      case 1: .distribution(values: (0..<count).map { _ in number(&random) }, counts: (0..<count).map { _ in number(&random) })
      default:
        .statistics(count: number(&random), sum: number(&random), minimum: number(&random), maximum: number(&random))
      }
    return MetricRecord(
      namespace: random.oneIn(2) ? random.text(scalars: 3) : nil, name: "n" + random.text(scalars: random.pick(0...8)),
      measurement: measurement, unit: random.oneIn(2) ? "Percent" : nil, timestamp: Int64(bitPattern: random.next()),
      resolution: random.oneIn(3) ? 1 : nil,
      dimensions: (0..<random.pick(0...3)).map { .init(name: "\($0)" + random.text(scalars: 3), value: random.text(scalars: 3)) })
  }

  private static func number(_ random: inout SeededGenerator) -> Double {
    if random.oneIn(2) { return Double(random.pick(-1000...1000)) / 4 }
    let value = Double(bitPattern: random.next())
    return value.isFinite ? value : 0
  }
}
