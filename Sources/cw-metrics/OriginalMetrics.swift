internal import MetricOutput
internal import Records

/// What the original's metrics are published as: each record is made JSON once, and then only its value and time change.
final class OriginalMetrics {
  private let catalogue: [Metric]
  private let common: CommonDimensions
  private let templates: [RecordTemplate]
  // By the metric and the path.
  private var ofPaths: [[String: RecordTemplate]]

  init(_ common: CommonDimensions, catalogue: [Metric] = Catalogue.metrics) {
    self.common = common
    self.catalogue = catalogue
    templates = catalogue.map { Self.template($0, common, []) }
    ofPaths = catalogue.map { _ in [:] }
  }

  /// Adds the records of an interval, in the catalogue's order.
  func add(_ interval: Interval, to output: SampleOutput) {
    for (index, metric) in catalogue.enumerated() {
      switch metric.value {
      case .machine(let value):
        if let value = value(interval) { add(templates[index], value, interval, output) }
      case .fileSystems(let value):
        for usage in interval.end.fileSystems { add(template(index, usage.path), value(usage), interval, output) }
      }
    }
  }

  // JSON has no other numbers.
  private func add(_ template: RecordTemplate, _ value: Double, _ interval: Interval, _ output: SampleOutput) {
    if value.isFinite { output.add(template, value, timestamp: interval.end.timestamp) }
  }

  private func template(_ index: Int, _ path: String) -> RecordTemplate {
    if let template = ofPaths[index][path] { return template }
    let template = Self.template(catalogue[index], common, [MetricRecord.Dimension(name: "Path", value: path)])
    ofPaths[index][path] = template
    return template
  }

  private static func template(_ metric: Metric, _ common: CommonDimensions, _ own: [MetricRecord.Dimension]) -> RecordTemplate {
    RecordTemplate(common.record(metric.name, 0, metric.unit, timestamp: 0, own: own))
  }
}
