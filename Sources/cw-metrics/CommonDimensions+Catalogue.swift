internal import MetricOutput
internal import Records

extension CommonDimensions {
  /// The records of an interval, in the catalogue's order.
  func records(of interval: Interval, catalogue: [Metric] = Catalogue.metrics) -> [MetricRecord] {
    var records: [MetricRecord] = []
    for metric in catalogue {
      for reading in metric.readings(interval) where reading.value.isFinite {
        let path = reading.path.map { [MetricRecord.Dimension(name: "Path", value: $0)] } ?? []
        records.append(record(metric.name, reading.value, metric.unit, timestamp: interval.end.timestamp, own: path))
      }
    }
    return records
  }
}
