internal import AWS
internal import Config

/// The log groups of machines that may not set their retention: they are made before the machines write to them.
struct DeviceGroups {
  let client: RetryingClient
  /// More than 0.
  let days: Int
  /// Names with `{instance_id}`; an asterisk is a part that only the machine knows.
  let patterns: [String]

  /// Nil if the stack's parameters let machines set the retention.
  init?(_ client: RetryingClient, _ parameters: [String: String]) {
    guard let days = parameters["RetentionInDays"].flatMap({ Int($0) }), days > 0 else { return nil }
    self.client = client
    self.days = days
    patterns = (parameters["LogGroups"] ?? "").split(separator: ",").map(String.init)
  }

  /// - Parameter configuration: the machine's own; nil: only the patterns are known.
  static func names(_ id: String, _ configuration: Configuration?, patterns: [String]) -> [String] {
    let logs = configuration?.logs
    let templates = logs.map { logs in
      [logs.logGroupName] + logs.files.compactMap(\.settings.logGroupName) + logs.journals.compactMap(\.settings.logGroupName)
    }
    var names: [String] = []
    for template in templates ?? patterns {
      let name = template.replacing("{instance_id}", with: id)
      // The group is skipped if it has an unknown host name, or a part that can be anything.
      if !name.contains("{"), !name.contains("*"), !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// Makes the groups of a machine.
  /// - Parameter text: its configuration; nil: only the patterns are known.
  func make(_ id: String, _ text: [UInt8]?) throws {
    let configuration = try text.map { try ConfigurationFile(path: "", text: $0).configuration }
    for name in Self.names(id, configuration, patterns: patterns) {
      do {
        _ = try client.allowed(CloudWatchLogs.createLogGroup(name))
      } catch let error as AWSError where error.code == "ResourceAlreadyExistsException" {}
      _ = try client.allowed(CloudWatchLogs.putRetentionPolicy(days: days, group: name))
    }
  }
}
