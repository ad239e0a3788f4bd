import Testing

@testable internal import Records

struct MetricUnitTests {
  @Test(arguments: [
    (25_276_502_016, MetricUnit.bytes, MetricUnit.gigabytes, 25.276502016), (1, .bytes, .bits, 8), (12, .megabits, .kilobytes, 1500),
    (1500, .milliseconds, .seconds, 1.5), (2, .seconds, .microseconds, 2_000_000), (3, .bytesPerSecond, .bitsPerSecond, 24),
    (7, .none, .count, 7), (7, .count, .none, 7), (0.5, .percent, .percent, 0.5), (1, .terabytes, .bytes, 1e12),
  ])
  func converts(value: Double, from: MetricUnit, to: MetricUnit, result: Double) { #expect(from.convert(value, to: to) == result) }

  @Test(arguments: [
    (MetricUnit.bytes, MetricUnit.percent), (.bytes, .count), (.bytes, .bytesPerSecond), (.percent, .none), (.seconds, .count),
    (.count, .countPerSecond), (.none, .bytes),
  ])
  func refusesAnotherKind(from: MetricUnit, to: MetricUnit) { #expect(from.convert(1, to: to) == nil) }

  @Test func everyUnitIsConvertedIntoItselfUnchanged() {
    for unit in MetricUnit.allCases { #expect(unit.convert(0.1, to: unit) == 0.1, "\(unit)") }
  }

  @Test(arguments: [
    ("Bytes", MetricUnit.bytes), ("bytes", .bytes), ("gigabytes", .gigabytes), ("COUNT/SECOND", .countPerSecond), ("By", .bytes),
    ("MiBy", .megabytes), ("None", .none),
  ])
  func isFoundByName(name: String, unit: MetricUnit) { #expect(MetricUnit(named: name) == unit) }

  @Test(arguments: ["", "Byte", "by", "Furlongs", "Percent "]) func otherNamesAreNone(_ name: String) {
    #expect(MetricUnit(named: name) == nil)
  }
}
