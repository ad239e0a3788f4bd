internal import AWS
internal import Config
internal import Unix

/// The calls that a configuration makes the publisher make, in a form that stores nothing.
struct Needs {
  struct Need {
    let action: String
    /// The log group; nil for metrics.
    let group: String?
    let call: Call
  }

  struct Verdict: Equatable {
    let action: String
    let isDenied: Bool
    let text: String
  }

  let calls: [Need]
  private let groups: [String]
  private let actions: [String]
  private let namespace: String
  private let region: String

  /// Of the stream that is made.
  static let stream = "cw-creds"
  /// Older than CloudWatch Logs and CloudWatch take data: 14 days, two weeks. They say so, to who may write.
  private static let age: Int64 = 30 * 86_400_000

  init(_ configuration: Configuration, _ session: Session, now: Int64 = Clock.realtimeMilliseconds()) throws {
    let routing = try Routing(configuration, names: configuration.machineNames(), logGroup: nil, logStream: nil, retentionInDays: nil)
    groups = routing.groupNames
    var calls: [Need] = []
    var besides: Set<String> = []
    for group in groups {
      let settings = routing.settings(ofGroup: group)
      // With all that cw-putlogs would give it: class and key are for ever.
      let create = CloudWatchLogs.createLogGroup(
        group, groupClass: settings.logGroupClass?.rawValue, kmsKeyId: settings.kmsKeyId, tags: settings.tags)
      let event = CloudWatchLogs.putLogEvent("cw-creds explain", at: now - Self.age, group: group, stream: Self.stream)
      calls.append(Need(action: "logs:CreateLogGroup", group: group, call: create))
      calls.append(Need(action: "logs:CreateLogStream", group: group, call: CloudWatchLogs.createLogStream(Self.stream, group: group)))
      calls.append(Need(action: "logs:PutLogEvents", group: group, call: event))
      if let days = settings.retention {
        let call = CloudWatchLogs.putRetentionPolicy(days: days, group: group)
        calls.append(Need(action: "logs:PutRetentionPolicy", group: group, call: call))
      }
      if !settings.tags.isEmpty { besides.insert("logs:TagResource") }
    }
    namespace = configuration.metrics.namespace
    let datum = CloudWatch.putMetricDatum("cw-creds", value: 0, at: now - Self.age, namespace: namespace)
    calls.append(Need(action: "cloudwatch:PutMetricData", group: nil, call: datum))
    self.calls = calls
    let ofGroups = calls.filter { $0.group != nil }.map(\.action)
    actions = Set(ofGroups).union(besides).sorted()
    region = try session.region()
  }

  /// Makes the calls, and says of each whether it is allowed.
  func tryAll(_ session: Session) throws -> [Verdict] {
    let client = try session.client(
      for: CloudWatchLogs.service, retryPolicy: RetryPolicy(maximumAttempts: 3, repeatsUncertain: true))
    return try calls.map { need in
      let place = need.group.map { "in \($0)" } ?? "in the namespace \(namespace)"
      do {
        _ = try client.send(need.call)
        return Verdict(action: need.action, isDenied: false, text: "allowed \(place)")
      } catch let error as CallError {
        switch error.kind {
        case .accessDenied: return Verdict(action: need.action, isDenied: true, text: "NOT ALLOWED \(place): \(error.detail)")
        // It was looked at, so it may be sent: the group exists, the data is too old.
        case .refused, .tooLarge: return Verdict(action: need.action, isDenied: false, text: "allowed \(place)")
        default: throw error
        }
      }
    }
  }

  /// The least that allows all of it, as JSON to paste.
  func policy(account: String) -> String {
    let partition = Partition.of(region: region)?.name ?? "aws"
    let arns = groups.flatMap { group in
      ["", ":*"].map { "\"arn:\(partition):logs:\(region):\(account):log-group:\(group)\($0)\"" }
    }
    var statements: [String] = []
    if !arns.isEmpty {
      statements.append(
        """
            { "Effect": "Allow",
              "Action": [\(actions.map { "\"\($0)\"" }.joined(separator: ", "))],
              "Resource": [\(arns.joined(separator: ", "))] }
        """)
    }
    statements.append(
      """
          { "Effect": "Allow", "Action": "cloudwatch:PutMetricData", "Resource": "*",
            "Condition": { "StringEquals": { "cloudwatch:namespace": "\(namespace)" } } }
      """)
    return "{ \"Version\": \"2012-10-17\",\n  \"Statement\": [\n\(statements.joined(separator: ",\n"))\n  ] }"
  }
}
