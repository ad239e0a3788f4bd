internal import Config
package import Unix

/// CloudWatch Logs (API version 2014-03-28).
package enum CloudWatchLogs {
  package static let service = Service(
    hostPrefix: "logs", signingName: "logs", wireProtocol: .json(version: "1.1", target: "Logs_20140328"),
    endpointIdentifier: "CLOUDWATCH_LOGS", bodies: .data)

  /// Quotas of one PutLogEvents request ("PutLogEvents", API Reference).
  package enum Limit {
    package static let batchBytes = 1_048_576
    /// Counted for each event in addition to its UTF-8 bytes.
    package static let eventOverhead = 26
    package static let eventsPerBatch = 10_000
    /// Milliseconds between the first and the last event.
    package static let batchSpan: Int64 = 24 * 3600 * 1000
    /// How old an event may be by the service's clock, in milliseconds.
    package static let oldest: Int64 = 14 * 24 * 3600 * 1000
    /// How far in the future an event may be, in milliseconds.
    package static let ahead: Int64 = 2 * 3600 * 1000
    /// The longest message that fits a batch.
    package static let messageBytes = batchBytes - eventOverhead
  }

  /// A request that makes a log group.
  /// - Parameters:
  ///   - groupClass: STANDARD or INFREQUENT_ACCESS, for ever; nil: STANDARD.
  ///   - kmsKeyId: the ARN of the key that encrypts the events; nil: a key of the service.
  ///   - tags: up to 50; they also need the permission logs:TagResource.
  package static func createLogGroup(
    _ name: String, groupClass: String? = nil, kmsKeyId: String? = nil, tags: [String: String] = [:]
  ) -> AWSRequest {
    AWSRequest(
      service: service, operation: "CreateLogGroup",
      request: ["logGroupName": name, "logGroupClass": groupClass, "kmsKeyId": kmsKeyId, "tags": tags])
  }

  /// A request that makes a log stream.
  package static func createLogStream(_ name: String, group: String) -> AWSRequest {
    AWSRequest(service: service, operation: "CreateLogStream", request: ["logGroupName": group, "logStreamName": name])
  }

  /// A request that sets for how many days a group keeps its events.
  package static func putRetentionPolicy(days: Int, group: String) -> AWSRequest {
    AWSRequest(service: service, operation: "PutRetentionPolicy", request: ["logGroupName": group, "retentionInDays": days])
  }

  /// A request with one event.
  /// - Parameter time: milliseconds since the epoch.
  package static func putLogEvent(_ message: String, at time: Int64, group: String, stream: String) -> AWSRequest {
    let event: JSON.Value = ["timestamp": Int(time), "message": message]
    return AWSRequest(
      service: service, operation: "PutLogEvents", request: ["logGroupName": group, "logStreamName": stream, "logEvents": [event]])
  }

  /// A request with a body that the caller has written: `{"logGroupName":…,"logStreamName":…,"logEvents":[…]}`.
  package static func putLogEvents(body: ByteBuffer) -> AWSRequest {
    var request = AWSRequest(service: service, operation: "PutLogEvents", body: body)
    request.bodyHasTimes = true
    return request
  }

  /// How many events of a batch the service did not take, by reason.
  package struct Rejected: Equatable {
    package var tooOld = 0
    package var expired = 0
    package var tooNew = 0
    package var total: Int { tooOld + expired + tooNew }
  }

  /// Reads `rejectedLogEventsInfo`. The events are sorted, so its indexes cut the batch: too old up to an (exclusive)
  /// end, beyond the group's retention up to another, too new from a start on.
  package static func rejected(_ response: AWSResponse, count: Int) -> Rejected {
    guard !response.body.isEmpty, let json = response.json else { return Rejected() }
    func index(_ name: String, _ standard: Int) -> Int {
      Int(min(max(json.number("rejectedLogEventsInfo", name) ?? Double(standard), 0), Double(count)))
    }
    let (tooOld, expired) = (index("tooOldLogEventEndIndex", 0), index("expiredLogEventEndIndex", 0))
    let tooNew = index("tooNewLogEventStartIndex", count)
    return Rejected(tooOld: tooOld, expired: max(expired - tooOld, 0), tooNew: count - max(tooNew, tooOld, expired))
  }
}
