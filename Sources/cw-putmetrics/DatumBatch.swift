internal import AWS
internal import Records
internal import Unix

/// Metrics of one namespace, written straight into the body of the PutMetricData call that will carry them, within the
/// service's limits. No I/O, no clock.
final class DatumBatch {
  let namespace: String
  let body = ByteBuffer(capacity: 1 << 12)
  private var starts: [Int] = []

  var count: Int { starts.count }

  init(namespace: String) {
    self.namespace = namespace
    body.append("{\"Namespace\":")
    JSONText.append(string: namespace, to: body)
    body.append(",\"MetricData\":[")
  }

  /// False if the metric belongs into the next batch.
  func add(_ record: MetricRecord) -> Bool {
    guard count < CloudWatch.Limit.metricsPerCall else { return false }
    let start = body.count
    append(record)
    body.append(",")
    guard body.count + 2 <= CloudWatch.Limit.bodyBytes || count == 0 else {
      body.truncate(to: start)
      return false
    }
    starts.append(start)
    return true
  }

  /// Ends the body.
  func seal() {
    body.truncate(to: body.count - 1)
    body.append("]}")
  }

  /// The two halves of a sealed batch, sealed: to find the metric for which the service refuses all.
  func halves() -> (DatumBatch, DatumBatch) {
    let result = (DatumBatch(namespace: namespace), DatumBatch(namespace: namespace))
    for index in starts.indices {
      // Without the comma, or the end of the list.
      let end = index + 1 < count ? starts[index + 1] - 1 : body.count - 2
      let half = index < count / 2 ? result.0 : result.1
      half.starts.append(half.body.count)
      half.body.append(body.bytes.part(starts[index]..<end))
      half.body.append(",")
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
