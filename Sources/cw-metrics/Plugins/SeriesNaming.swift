internal import Config
internal import MetricOutput
internal import Records
internal import Unix

/// How the values of one plugin are called in CloudWatch: names, units, dimensions and further sets of dimensions.
struct SeriesNaming {
  /// The fields that are wanted, in the configuration's order.
  let fields: [String]
  /// The unit that each is measured in, and that it is published in.
  let units: [(own: MetricUnit, published: MetricUnit)]
  private let records: [MetricRecord]
  private let isDropped: [Bool]
  private let aggregated: [[String]]

  /// - Parameters:
  ///   - common: the dimensions of all metrics.
  ///   - resolution: 1 for a plugin that is sampled more often than each minute, else nil.
  init(
    _ settings: PluginSettings, namespace: String?, common: [MetricRecord.Dimension], aggregated: [[String]] = [], resolution: Int? = nil
  ) {
    var fields: [String] = []
    var units: [(MetricUnit, MetricUnit)] = []
    var records: [MetricRecord] = []
    var isDropped: [Bool] = []
    if let plugin = PluginCatalogue.plugin(settings.name) {
      for measurement in settings.measurements {
        guard let field = plugin.field(named: measurement.name) else { continue }
        let unit = measurement.unit.flatMap { MetricUnit(named: $0) } ?? field.unit
        fields.append(field.name)
        units.append((field.unit, unit))
        records.append(
          MetricRecord(
            namespace: namespace, name: measurement.publishedName(of: plugin), measurement: .value(0),
            unit: unit == .none ? nil : unit.rawValue, timestamp: 0, resolution: resolution, dimensions: common))
        let isMeant = settings.dropOriginalMetrics.contains { $0 == "*" || measurement.isMeant(by: $0, of: plugin) }
        isDropped.append(isMeant)
      }
    }
    self.fields = fields
    self.units = units.map { (own: $0, published: $1) }
    self.records = records
    self.isDropped = isDropped
    self.aggregated = Self.distinct(aggregated)
  }

  /// What each field is published as for a device: with all dimensions, and with each set of `aggregation_dimensions` that they hold
  /// and that is smaller.
  /// - Parameter own: the dimensions of the device.
  func templates(_ own: [(name: String, value: [UInt8])]) -> [[RecordTemplate]] {
    zip(records, isDropped).map { record, isDropped in
      let dimensions = Self.ordered(record.dimensions + own.map { MetricRecord.Dimension(encoding: $0.name, $0.value) })
      var sets = isDropped ? [] : [dimensions]
      for names in aggregated where names.count < dimensions.count {
        let kept = dimensions.filter { names.contains($0.name) }
        if kept.count == names.count { sets.append(kept) }
      }
      return sets.map { dimensions in
        var record = record
        record.dimensions = dimensions
        return RecordTemplate(record)
      }
    }
  }

  // As the agent has them: host first, the rest by name, no name twice, no more than CloudWatch takes.
  private static func ordered(_ dimensions: [MetricRecord.Dimension]) -> [MetricRecord.Dimension] {
    var last: [String: MetricRecord.Dimension] = [:]
    for dimension in dimensions where !dimension.value.isEmpty { last[dimension.name] = dimension }
    return Array(last.values.sorted { ($0.name != host, $0.name) < ($1.name != host, $1.name) }.prefix(30))
  }

  private static let host = "host"

  private static func distinct(_ sets: [[String]]) -> [[String]] {
    var distinct: [[String]] = []
    for names in sets.map({ Set($0).sorted() }) where !distinct.contains(names) { distinct.append(names) }
    return distinct
  }
}

private func < (left: (Bool, String), right: (Bool, String)) -> Bool {
  left.0 == right.0 ? left.1 < right.1 : !left.0
}
