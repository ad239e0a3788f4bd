internal import MetricOutput
internal import Unix

extension Catalogue {
  /// One line each: name, unit, meaning.
  static var text: String { columns(metrics.map { [$0.name, $0.unit.rawValue, $0.meaning] }) }
}
