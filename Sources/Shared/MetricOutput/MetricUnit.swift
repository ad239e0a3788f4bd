/// The units of CloudWatch's `StandardUnit` that our metrics have.
package enum MetricUnit: String, Sendable {
  case percent = "Percent"
  case count = "Count"
  case bytes = "Bytes"
  case seconds = "Seconds"
  case bytesPerSecond = "Bytes/Second"
  case countPerSecond = "Count/Second"
}
