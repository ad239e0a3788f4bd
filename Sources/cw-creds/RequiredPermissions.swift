internal import AWS
internal import Config
internal import Unix

/// The requests that the publisher sends with a configuration, in a form that stores nothing.
struct RequiredPermissions {
  struct ProbeRequest {
    let action: String
    /// The log group; nil: the request is for metrics.
    let group: String?
    let request: AWSRequest
  }

  struct Decision: Equatable {
    let action: String
    let isDenied: Bool
    let text: String
  }

  let calls: [ProbeRequest]
  private let groups: [String]
  private let actions: [String]
  private let namespace: String
  private let region: String

  /// The name of the stream that is made.
  static let stream = "cw-creds"
  /// Milliseconds. CloudWatch Logs and CloudWatch refuse data that is older than two weeks, if the caller may write at all.
  private static let age: Int64 = 30 * 86_400_000

  init(_ configuration: Configuration, _ session: AWSSession, now: Int64 = Clock.realtimeMilliseconds()) throws {
    let routing = try Routing(configuration, names: configuration.machineNames(), logGroup: nil, logStream: nil, retentionInDays: nil)
    groups = routing.groupNames
    var calls: [ProbeRequest] = []
    var besides: Set<String> = []
    for group in groups {
      let settings = routing.settings(ofGroup: group)
      // The group gets the same settings as by cw-putlogs: class and key are for ever.
      let create = CloudWatchLogs.createLogGroup(
        group, groupClass: settings.logGroupClass?.rawValue, kmsKeyId: settings.kmsKeyId, tags: settings.tags)
      let event = CloudWatchLogs.putLogEvent("cw-creds explain", at: now - Self.age, group: group, stream: Self.stream)
      var requests = [create, CloudWatchLogs.createLogStream(Self.stream, group: group), event]
      if let days = settings.retention { requests.append(CloudWatchLogs.putRetentionPolicy(days: days, group: group)) }
      calls += requests.map { ProbeRequest(action: "logs:\($0.operation)", group: group, request: $0) }
      if !settings.tags.isEmpty { besides.insert("logs:TagResource") }
    }
    namespace = configuration.metrics.namespace
    let datum = CloudWatch.putMetricDatum("cw-creds", value: 0, at: now - Self.age, namespace: namespace)
    calls.append(ProbeRequest(action: "cloudwatch:PutMetricData", group: nil, request: datum))
    self.calls = calls
    let ofGroups = calls.filter { $0.group != nil }.map(\.action)
    actions = Set(ofGroups).union(besides).sorted()
    region = try session.region()
  }

  /// Sends the requests, and tells for each whether it is allowed.
  /// - Throws: `AWSError` for any other failure.
  func tryAll(_ session: AWSSession) throws -> [Decision] {
    let client = try session.client(
      for: CloudWatchLogs.service, retryPolicy: RetryPolicy(maximumAttempts: 3, repeatsUncertain: true))
    return try calls.map { probe in
      let location = probe.group.map { "in \($0)" } ?? "in the namespace \(namespace)"
      do {
        _ = try client.send(probe.request)
        return Decision(action: probe.action, isDenied: false, text: "allowed \(location)")
      } catch let error as AWSError {
        switch error.kind {
        case .accessDenied: return Decision(action: probe.action, isDenied: true, text: "NOT ALLOWED \(location): \(error.detail)")
        // A request that is refused for its content is allowed: the group exists, or the data is too old.
        case .refused, .tooLarge: return Decision(action: probe.action, isDenied: false, text: "allowed \(location)")
        default: throw error
        }
      }
    }
  }

  /// The smallest policy that allows all requests, as JSON to paste.
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
