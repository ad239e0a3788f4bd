internal import Config
package import Unix

/// CloudWatch metrics (API version 2010-08-01), by its AWS JSON 1.0 protocol.
package enum CloudWatch {
  package static let service = Service(
    hostPrefix: "monitoring", signingName: "monitoring", wireProtocol: .json(version: "1.0", target: "GraniteServiceVersion20100801"),
    endpointIdentifier: "CLOUDWATCH", bodies: .data)

  /// Quotas of PutMetricData ("PutMetricData", API Reference).
  package enum Limit {
    package static let metricsPerCall = 1000
    /// Bytes of the body before compression. The service says 1 MB; this is the limit of the CloudWatch agent.
    package static let bodyBytes = 999_000
    package static let dimensionsPerMetric = 30
    package static let valuesPerMetric = 150
    package static let nameLength = 255
    package static let dimensionValueLength = 1024
    /// The greatest magnitude of a value: 2 to the power of 360.
    package static let magnitude = 0x1p360
    /// Milliseconds: data may be two weeks old, and two hours ahead.
    package static let oldest: Int64 = 14 * 24 * 3600 * 1000
    package static let newest: Int64 = 2 * 3600 * 1000
  }

  /// `StandardUnit` in the API's model.
  package static let units: Set<String> = {
    let sizes = ["Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"]
    return Set(
      ["Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"] + sizes + sizes.map { $0 + "/Second" })
  }()

  /// A request with one value of one metric.
  /// - Parameter time: milliseconds since the epoch.
  package static func putMetricDatum(_ name: String, value: Double, at time: Int64, namespace: String) -> AWSRequest {
    let datum: JSON.Value = ["MetricName": name, "Value": value, "Timestamp": Int(time / 1000)]
    return AWSRequest(service: service, operation: "PutMetricData", request: ["Namespace": namespace, "MetricData": [datum]])
  }

  /// A request with a body that the caller has written: `{"Namespace":…,"MetricData":[…]}`.
  package static func putMetricData(body: ByteBuffer) -> AWSRequest {
    AWSRequest(service: service, operation: "PutMetricData", body: body, allowsCompression: true)
  }
}
