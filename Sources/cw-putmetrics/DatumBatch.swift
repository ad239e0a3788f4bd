internal import AWS
internal import Records
internal import Unix

/// Metrics of one namespace, written straight into the body of the PutMetricData call that will carry them, within the
/// service's limits. No I/O, no clock.
final class DatumBatch {
  let namespace: String
  let body = ByteBuffer(capacity: 1 << 12)
  /// What is in it.
  private(set) var content: [MetricFolding.Folded] = []

  var count: Int { content.count }
  /// How many records it stands for.
  var records: Int { content.reduce(0) { $0 + $1.records } }

  init(namespace: String) {
    self.namespace = namespace
    body.append("{\"Namespace\":")
    JSONText.append(string: namespace, to: body)
    body.append(",\"MetricData\":[")
  }

  /// False if the metric belongs into the next batch.
  /// - Parameter records: how many it stands for.
  func add(_ record: MetricRecord, standingFor records: Int = 1) -> Bool {
    guard count < CloudWatch.Limit.metricsPerCall else { return false }
    let start = body.count
    append(record)
    body.append(",")
    guard body.count + 2 <= CloudWatch.Limit.bodyBytes || count == 0 else {
      body.truncate(to: start)
      return false
    }
    content.append(.init(record: record, records: records))
    return true
  }

  /// Ends the body.
  func seal() {
    body.truncate(to: body.count - 1)
    body.append("]}")
  }

  /// The metrics as sealed batches, by namespace in the order in which these come, each namespace as few calls as the limits allow.
  static func batches(of metrics: [MetricFolding.Folded]) -> [DatumBatch] {
    var sealed: [DatumBatch] = []
    var filling: [DatumBatch] = []
    var index: [String: Int] = [:]
    for metric in metrics {
      let namespace = metric.record.namespace ?? ""
      if let known = index[namespace] {
        if filling[known].add(metric.record, standingFor: metric.records) { continue }
        sealed.append(filling[known])
        filling[known] = DatumBatch(namespace: namespace)
      } else {
        index[namespace] = filling.count
        filling.append(DatumBatch(namespace: namespace))
      }
      _ = filling[index[namespace] ?? 0].add(metric.record, standingFor: metric.records)
    }
    sealed += filling
    sealed.forEach { $0.seal() }
    return sealed
  }

  /// The two halves of a sealed batch, sealed: to find the metric for which the service refuses all.
  func halves() -> (DatumBatch, DatumBatch) {
    let result = (DatumBatch(namespace: namespace), DatumBatch(namespace: namespace))
    for (index, metric) in content.enumerated() {
      _ = (index < count / 2 ? result.0 : result.1).add(metric.record, standingFor: metric.records)
    }
    result.0.seal()
    result.1.seal()
    return result
  }

  // The members of `MetricDatum`; seconds, with milliseconds as a fraction.
  private func append(_ record: MetricRecord) {
    body.append("{\"MetricName\":")
    JSONText.append(string: record.name, to: body)
    if !record.dimensions.isEmpty {
      body.append(",\"Dimensions\":[")
      for (index, dimension) in record.dimensions.enumerated() {
        body.append(index > 0 ? ",{\"Name\":" : "{\"Name\":")
        JSONText.append(string: dimension.name, to: body)
        body.append(",\"Value\":")
        JSONText.append(string: dimension.value, to: body)
        body.append("}")
      }
      body.append("]")
    }
    body.append(",\"Timestamp\":")
    MetricRecord.append(Double(record.timestamp) / 1000, to: body)
    append(record.measurement)
    if let unit = record.unit {
      body.append(",\"Unit\":")
      JSONText.append(string: unit, to: body)
    }
    if let resolution = record.resolution {
      body.append(",\"StorageResolution\":")
      body.append(decimal: Int64(resolution))
    }
    body.append("}")
  }

  private func append(_ measurement: MetricRecord.Measurement) {
    switch measurement {
    case .value(let value):
      body.append(",\"Value\":")
      MetricRecord.append(value, to: body)
    case .distribution(let values, let counts):
      body.append(",\"Values\":[")
      append(values)
      body.append("],\"Counts\":[")
      append(counts)
      body.append("]")
    case .statistics(let count, let sum, let minimum, let maximum):
      let members: [(StaticString, Double)] = [
        (",\"StatisticValues\":{\"SampleCount\":", count), (",\"Sum\":", sum), (",\"Minimum\":", minimum),
        (",\"Maximum\":", maximum),
      ]
      for (key, value) in members {
        body.append(key)
        MetricRecord.append(value, to: body)
      }
      body.append("}")
    }
  }

  private func append(_ numbers: [Double]) {
    for (index, number) in numbers.enumerated() {
      if index > 0 { body.append(",") }
      MetricRecord.append(number, to: body)
    }
  }
}
