package import Records
internal import Unix

/// Metrics in columns for people.
package enum Table {
  /// One line each, in aligned columns: name, value, unit, dimensions.
  package static func text(_ records: [MetricRecord]) -> String {
    columns(
      records.map { record in
        guard case .value(let value) = record.measurement else { return [record.name] }
        let (number, unit) = readable(value, unit: record.unit.flatMap { MetricUnit(rawValue: $0) })
        let dimensions = record.dimensions.map { "\($0.name)=\($0.value.printable)" }
        return [record.name, number, unit, dimensions.joined(separator: " ")]
      }, rightAligned: [1])
  }

  /// A value with the unit that lets it be read at a glance: `1.5` and `MiB/s`.
  package static func readable(_ value: Double, unit: MetricUnit?) -> (number: String, unit: String) {
    switch unit {
    case .percent: return (decimal(value), "%")
    case .count, .none?, nil: return (Int64(exactly: value).map(String.init) ?? decimal(value), "")
    case .countPerSecond: return (decimal(value), "/s")
    case .bytes: return scaled(value, suffix: "")
    case .seconds: return span(value)
    case .bytesPerSecond: return scaled(value, suffix: "/s")
    case let unit?: return (decimal(value), unit.rawValue)
    }
  }

  /// The same in one piece: `1.5 MiB/s`.
  package static func text(_ value: Double, unit: MetricUnit?) -> String {
    let (number, unit) = readable(value, unit: unit)
    return unit.isEmpty ? number : "\(number) \(unit)"
  }

  private static func scaled(_ value: Double, suffix: String) -> (String, String) {
    var value = value
    var prefixes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...]
    // From 1023.95 on it would read 1024.0.
    while value >= 1023.95, prefixes.count > 1 {
      value /= 1024
      prefixes.removeFirst()
    }
    return (decimal(value), (prefixes.first ?? "") + suffix)
  }

  private static func span(_ seconds: Double) -> (String, String) {
    let units = [(1.0, "s"), (60, "min"), (3600, "h"), (86400, "d")]
    // From two of them on; 90 s says more than 1.5 min.
    let (size, name) = units.last { seconds >= 2 * $0.0 } ?? (1, "s")
    return (decimal(seconds / size), name)
  }

  private static func decimal(_ value: Double) -> String {
    guard let tenths = Int64(exactly: (value * 10).rounded()) else { return value.description }
    return "\(tenths / 10).\(tenths.magnitude % 10)"
  }
}
