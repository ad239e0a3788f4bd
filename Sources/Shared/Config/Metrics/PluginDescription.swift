package import Records

/// A section of `metrics.metrics_collected`: what it can measure, and what its series are told apart by.
package struct PluginDescription: Sendable {
  /// As in the configuration, and before the names of its metrics.
  package let name: String
  /// The dimensions that tell one series of the machine from another, in the order of their names.
  package let dimensions: [String]
  package let fields: [Field]
  /// What the CloudWatch agent takes as a measurement, and no Linux without EC2 can tell.
  let unserved: [String]
  /// Whether the section is a list of objects.
  let isList: Bool
  /// The keys beside those that every section has.
  let keys: [Key<PluginSettings>]

  init(
    _ name: String, dimensions: [String] = [], unserved: [String] = [], isList: Bool = false, keys: [Key<PluginSettings>] = [],
    fields: [Field]
  ) {
    self.name = name
    self.dimensions = dimensions
    self.fields = fields
    self.unserved = unserved
    self.isList = isList
    self.keys = keys
  }

  /// One metric.
  package struct Field: Sendable {
    /// Without that of the plugin.
    package let name: String
    package let unit: MetricUnit
    /// One line for a person.
    package let meaning: String
    /// Where the figures come from.
    package let source: String
    /// The whole name in CloudWatch, where it is not that of the plugin and that of the field.
    let metricName: String?

    init(_ name: String, _ unit: MetricUnit, _ meaning: String, _ source: String, metricName: String? = nil) {
      self.name = name
      self.unit = unit
      self.meaning = meaning
      self.source = source
      self.metricName = metricName
    }
  }

  /// The name in CloudWatch: `cpu_usage_idle`.
  package func metricName(of field: Field) -> String { field.metricName ?? "\(name)_\(field.name)" }

  /// The field of this name, with the plugin's before it or without; nil: there is none.
  package func field(named name: String) -> Field? { fields.first { $0.name == name || metricName(of: $0) == name } }

  func isUnserved(_ name: String) -> Bool { unserved.contains { $0 == name || "\(self.name)_\($0)" == name } }
}
