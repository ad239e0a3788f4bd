internal import Records

/// One metric: a row of the catalogue.
struct Metric: Sendable {
  let name: String
  let unit: MetricUnit
  /// One line for `--list`.
  let meaning: String
  /// Where the figures come from.
  let source: String
  /// The readings of an interval: none if it could not be measured, otherwise one, or one for each path.
  let readings: @Sendable (Interval) -> [Reading]

  struct Reading {
    let value: Double
    /// The mount point that was measured; nil: the value is that of the machine.
    var path: String?
  }

  init(_ name: String, _ unit: MetricUnit, _ meaning: String, _ source: String, readings: @escaping @Sendable (Interval) -> [Reading]) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
    self.source = source
    self.readings = readings
  }

  init(_ name: String, _ unit: MetricUnit, _ meaning: String, _ source: String, value: @escaping @Sendable (Interval) -> Double?) {
    self.init(name, unit, meaning, source) { interval in value(interval).map { [Reading(value: $0)] } ?? [] }
  }
}
