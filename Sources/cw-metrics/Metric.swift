internal import MetricOutput

/// One metric: a row of the catalogue.
struct Metric: Sendable {
  let name: String
  let unit: MetricUnit
  /// One line for `--list`.
  let meaning: String
  /// The readings of an interval: none if it could not be measured, otherwise one, or one for each path.
  let readings: @Sendable (Interval) -> [Reading]

  struct Reading {
    let value: Double
    /// The mount point that was measured; nil: the value is that of the machine.
    var path: String?
  }

  init(_ name: String, _ unit: MetricUnit, _ meaning: String, readings: @escaping @Sendable (Interval) -> [Reading]) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
    self.readings = readings
  }

  init(_ name: String, _ unit: MetricUnit, _ meaning: String, value: @escaping @Sendable (Interval) -> Double?) {
    self.init(name, unit, meaning) { interval in value(interval).map { [Reading(value: $0)] } ?? [] }
  }
}
