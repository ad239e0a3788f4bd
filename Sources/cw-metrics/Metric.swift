internal import Records

/// One metric of the original: a row of the catalogue.
struct Metric: Sendable {
  let name: String
  let unit: MetricUnit
  /// One line for `--list`.
  let meaning: String
  /// Where the figures come from.
  let source: String
  let value: Value

  enum Value: Sendable {
    /// That of the machine; nil: it could not be measured.
    case machine(@Sendable (Interval) -> Double?)
    /// One for each file system, with its mount point as the dimension `Path`.
    case fileSystems(@Sendable (FileSystem.Usage) -> Double)
  }

  init(_ name: String, _ unit: MetricUnit, _ meaning: String, _ source: String, value: Value) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
    self.source = source
    self.value = value
  }

  init(_ name: String, _ unit: MetricUnit, _ meaning: String, _ source: String, value: @escaping @Sendable (Interval) -> Double?) {
    self.init(name, unit, meaning, source, value: .machine(value))
  }
}
