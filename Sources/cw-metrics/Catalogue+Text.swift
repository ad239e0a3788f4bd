internal import Figures

extension Catalogue {
  /// One line each: name, unit, meaning.
  static var text: String { Table.aligned(metrics.map { [$0.name, $0.unit.rawValue, $0.meaning] }) }
}
