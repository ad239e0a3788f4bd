internal import Records

/// What every record of this machine carries beside its measurement.
struct Labels {
  let namespace: String?
  /// 1 where samples are less than a minute apart: CloudWatch's high-resolution storage.
  let resolution: Int?
  let dimensions: [MetricRecord.Dimension]

  /// - Parameters:
  ///   - interval: seconds between two samples; nil if there is only one.
  ///   - instanceId, hostname: the dimensions `InstanceId` and `Hostname`; an empty one, which CloudWatch would refuse, is
  ///     left out.
  init(namespace: String?, interval: Double?, instanceId: String, hostname: String) {
    self.namespace = namespace
    resolution = (interval ?? 60) < 60 ? 1 : nil
    dimensions = [("InstanceId", instanceId), ("Hostname", hostname)].filter { !$0.1.isEmpty }
      .map { MetricRecord.Dimension(name: $0.0, value: $0.1) }
  }

  /// The records of an interval, in the catalogue's order.
  func records(of interval: Interval, catalogue: [Metric] = Catalogue.metrics) -> [MetricRecord] {
    var records: [MetricRecord] = []
    for metric in catalogue {
      for reading in metric.readings(interval) where reading.value.isFinite {
        records.append(record(of: metric, reading, timestamp: interval.end.timestamp))
      }
    }
    return records
  }

  private func record(of metric: Metric, _ reading: Metric.Reading, timestamp: Int64) -> MetricRecord {
    let path = reading.path.map { [MetricRecord.Dimension(name: "Path", value: $0)] } ?? []
    return MetricRecord(
      namespace: namespace, name: metric.name, measurement: .value(reading.value), unit: metric.unit.rawValue,
      timestamp: timestamp, resolution: resolution, dimensions: dimensions + path)
  }
}
