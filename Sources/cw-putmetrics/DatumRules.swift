internal import AWS
internal import Config
internal import Records

/// What CloudWatch takes ("MetricDatum", API Reference). It refuses a whole call for one bad metric, so each is looked at
/// before it gets into one.
enum DatumRules {
  /// Why the service would refuse the metric, or nil.
  /// - Parameter now: milliseconds since the epoch, by the service's clock.
  static func validationError(of record: MetricRecord, namespace: String, now: Int64) -> String? {
    typealias Limit = CloudWatch.Limit
    guard NameRules.isNamespace(namespace) else { return "namespace '\(namespace)' is not allowed" }
    guard NameRules.isMetricText(record.name, Limit.nameLength) else { return "the name is empty, longer than 255 or not ASCII" }
    guard record.dimensions.count <= Limit.dimensionsPerMetric else { return "more than 30 dimensions" }
    for dimension in record.dimensions {
      guard NameRules.isMetricText(dimension.name, Limit.nameLength), !dimension.name.hasPrefix(":") else {
        return "a dimension name is empty, too long or not ASCII"
      }
      guard NameRules.isMetricText(dimension.value, Limit.dimensionValueLength) else {
        return "the dimension \(dimension.name) is empty, too long or not ASCII"
      }
    }
    if let unit = record.unit, !CloudWatch.units.contains(unit) { return "'\(unit)' is no unit of CloudWatch" }
    if let resolution = record.resolution, resolution != 1, resolution != 60 { return "resolution is neither 1 nor 60" }
    guard !isTooOld(record, now: now) else { return "older than two weeks" }
    guard record.timestamp <= now + Limit.newest else { return "more than two hours ahead; look at the clock" }
    return validationError(of: record.measurement)
  }

  /// Whether the time in which CloudWatch takes the metric is over.
  static func isTooOld(_ record: MetricRecord, now: Int64) -> Bool { record.timestamp < now - CloudWatch.Limit.oldest }

  private static func validationError(of measurement: MetricRecord.Measurement) -> String? {
    let numbers: [Double]
    switch measurement {
    case .value(let value): numbers = [value]
    case .distribution(let values, let counts):
      guard counts.allSatisfy({ $0 > 0 }) else { return "a count is not above 0" }
      numbers = values + counts
    case .statistics(let count, let sum, let minimum, let maximum):
      guard count > 0, minimum <= maximum else { return "the statistics contradict each other" }
      numbers = [count, sum, minimum, maximum]
    }
    // Also false for NaN.
    guard numbers.allSatisfy({ $0.magnitude <= CloudWatch.Limit.magnitude }) else { return "a number is out of range" }
    return nil
  }
}
