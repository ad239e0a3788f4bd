internal import Config
internal import MetricOutput
internal import Records
internal import Unix

extension Catalogue {
  /// One line each: name, unit, price, source, meaning. First the original's metrics, then those of `metrics_collected`.
  static var text: String {
    let heading = ["NAME", "UNIT", "$/MONTH", "SOURCE", "MEANING"]
    let originals = metrics.map { [$0.name, $0.unit.rawValue, price, $0.source, $0.meaning] }
    let collected = PluginCatalogue.plugins.flatMap { plugin in
      plugin.fields.map { field in
        let each = plugin.dimensions.isEmpty ? "" : " (each \(plugin.dimensions.joined(separator: ", ")))"
        return [plugin.metricName(of: field), field.unit.rawValue, price, field.source, field.meaning + each]
      }
    }
    return columns([heading] + originals + collected)
      + "\nThe price is that of each series a month, of the first 10,000 of an account (us-east-1): a metric with each set of dimensions.\n"
  }

  /// Dollars.
  private static let price = "0.30"
}
