internal import AWS
internal import Records

/// Joins samples of one metric that CloudWatch would store as one: those of the same minute, or, of a high-resolution metric, of the
/// same second. Each value stays what it is, with how often it came, so that every statistic and percentile is the same as if each
/// sample had been sent; but a call holds 1,000 metrics whatever number of samples each has.
struct MetricFolding {
  /// What is to be sent, and how many records it stands for.
  struct Folded {
    var record: MetricRecord
    var records: Int
  }

  private struct Series: Hashable {
    let namespace: String?
    let name: String
    let unit: String?
    let resolution: Int?
    let dimensions: [MetricRecord.Dimension]
    let period: Int64
  }

  private struct Entry {
    var record: MetricRecord
    var records = 1
    // In the order in which they came; empty while there is one record.
    var values: [Double] = []
    var counts: [Double: Double] = [:]

    mutating func add(_ measurement: MetricRecord.Measurement) {
      switch measurement {
      case .value(let value): add(value, 1)
      case .distribution(let values, let counts): for (value, count) in zip(values, counts) { add(value, count) }
      case .statistics: break
      }
    }

    private mutating func add(_ value: Double, _ count: Double) {
      if let known = counts[value] {
        counts[value] = known + count
      } else {
        values.append(value)
        counts[value] = count
      }
    }
  }

  private let storageResolution: Int?
  private var entries: [Entry] = []
  private var index: [Series: Int] = [:]
  /// Samples so far.
  private(set) var samples = 0

  /// - Parameter storageResolution: 60: high-resolution metrics are stored by the minute, too; nil: as each record says.
  init(storageResolution: Int? = nil) { self.storageResolution = storageResolution }

  /// The number of metrics so far.
  var count: Int { entries.count }

  mutating func add(_ record: MetricRecord) {
    var record = record
    if storageResolution == 60 { record.resolution = nil }
    samples += 1
    if case .distribution(let values, _) = record.measurement { samples += values.count - 1 }
    // Sums of what is known only in part are no values.
    if case .statistics = record.measurement { return entries.append(Entry(record: record)) }
    let length: Int64 = record.resolution == 1 ? 1000 : 60_000
    let period = (Double(record.timestamp) / Double(length)).rounded(.down)
    let series = Series(
      namespace: record.namespace, name: record.name, unit: record.unit, resolution: record.resolution, dimensions: record.dimensions,
      period: Int64(period))
    guard let known = index[series] else {
      index[series] = entries.count
      return entries.append(Entry(record: record))
    }
    if entries[known].records == 1 { entries[known].add(entries[known].record.measurement) }
    entries[known].records += 1
    entries[known].add(record.measurement)
  }

  /// The metrics, in the order of their first samples, with the time of these; one with more values than CloudWatch takes comes in parts.
  var folded: [Folded] {
    entries.flatMap { entry -> [Folded] in
      var entry = entry
      if entry.records == 1 {
        guard case .distribution(let values, _) = entry.record.measurement, values.count > CloudWatch.Limit.valuesPerMetric else {
          return [Folded(record: entry.record, records: 1)]
        }
        entry.add(entry.record.measurement)
      }
      return Self.parts(of: entry)
    }
  }

  private static func parts(of entry: Entry) -> [Folded] {
    let size = CloudWatch.Limit.valuesPerMetric
    return stride(from: 0, to: entry.values.count, by: size).map { start in
      let values = Array(entry.values[start..<min(start + size, entry.values.count)])
      var record = entry.record
      record.measurement = .distribution(values: values, counts: values.map { entry.counts[$0] ?? 1 })
      return Folded(record: record, records: start == 0 ? entry.records : 0)
    }
  }
}
