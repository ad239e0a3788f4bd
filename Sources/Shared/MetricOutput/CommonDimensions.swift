package import Config
package import Records
internal import Unix

/// What every metric record of this machine carries beside its measurement.
package struct CommonDimensions {
  package let namespace: String?
  /// 1 where samples are less than a minute apart: CloudWatch's high-resolution storage.
  package let resolution: Int?
  package let dimensions: [MetricRecord.Dimension]

  /// - Parameters:
  ///   - interval: seconds between two samples; nil if there is only one.
  ///   - instanceId, hostname: the dimensions `InstanceId` and `Hostname`; an empty one, which CloudWatch would refuse, is
  ///     left out.
  package init(namespace: String?, interval: Double?, instanceId: String, hostname: String) {
    self.namespace = namespace
    resolution = (interval ?? 60) < 60 ? 1 : nil
    dimensions = [("InstanceId", instanceId), ("Hostname", hostname)].filter { !$0.1.isEmpty }
      .map { MetricRecord.Dimension(encoding: $0.0, $0.1) }
  }

  /// As the configuration has it, if there is one; `interval` as above.
  /// - Throws: `ConfigurationError` if there is no instance id.
  package init(_ configuration: Configuration?, interval: Double?) throws {
    self.init(
      namespace: configuration?.metrics.namespace, interval: interval,
      instanceId: try (configuration ?? Configuration()).instanceId(), hostname: hostName())
  }

  /// - Parameter own: the dimensions that the machine alone does not tell.
  package func record(
    _ name: String, _ value: Double, _ unit: MetricUnit, timestamp: Int64, own: [MetricRecord.Dimension]
  ) -> MetricRecord {
    MetricRecord(
      namespace: namespace, name: name, measurement: .value(value), unit: unit.rawValue, timestamp: timestamp,
      resolution: resolution, dimensions: dimensions + own)
  }
}
