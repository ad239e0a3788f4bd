/// Every key of the configuration file: what reading, `show`, the nearest-key hint and the manual's test go by.
package enum Schema {
  static let configuration: [Key<Configuration>] = [
    Key("agent.instance.prefix", .prefix, \.agent.instance.prefix, "first part of the instance id, before the dash"),
    Key("agent.instance.serial", .serial, \.agent.instance.serial, "second part of the instance id"),
    Key("agent.instance.command", .text, \.agent.instance.command, "shell command that prints the second part, if there is no serial"),
    Key("agent.region", .region, \.agent.region, "AWS region; by default that of the AWS profile or the environment"),
    Key("agent.metrics_collection_interval", .seconds, \.agent.metricsCollectionInterval, "time between two samples of the metrics"),
    Key("agent.logs_collection_interval", .seconds, \.agent.logsCollectionInterval, "longest time that a log event waits for others"),
    Key("agent.logfile", .text, \.agent.logfile, "file for the publisher's own messages"),
    Key("agent.state_directory", .text, \.agent.stateDirectory, "directory of positions and of what waits to be sent"),
    Key("agent.debug", .boolean, \.agent.debug, "whether to say what is being done"),
    Key("metrics.namespace", .namespace, \.metrics.namespace, "CloudWatch namespace of the metrics"),
    Key("logs.log_group_name", .groupTemplate, \.logs.logGroupName, "log group; {instance_id} is replaced"),
    Key("logs.retention_in_days", .retention, \.logs.retentionInDays, "how long CloudWatch Logs keeps events; by default for ever"),
    Key(
      "logs.logs_collected.journal.collect", .boolean, \.logs.journal.collect,
      "whether to send the systemd journal; true if journal is there without it"),
    Key(
      "logs.logs_collected.journal.include_patterns", .patterns, \.logs.journal.patterns.include,
      "journal entries must match one of these, if there are any"),
    Key(
      "logs.logs_collected.journal.exclude_patterns", .patterns, \.logs.journal.patterns.exclude,
      "journal entries that match one of these are dropped"),
  ]

  static let authentication: [Key<AuthenticationDraft>] = [
    Key("agent.authentication.accountId", .accountId, \.accountId, "Cognito: the AWS account"),
    Key("agent.authentication.userPoolId", .userPoolId, \.userPoolId, "Cognito: the user pool"),
    Key("agent.authentication.identityPoolId", .identityPoolId, \.identityPoolId, "Cognito: the identity pool"),
    Key("agent.authentication.appClientId", .appClientId, \.appClientId, "Cognito: the app client of the user pool"),
    Key("agent.authentication.password", .password, \.password, "Cognito: the password of the user named like the instance id"),
    Key("agent.authentication.iotUrl", .host, \.iotUrl, "IoT: the host of the credential provider"),
    Key("agent.authentication.roleAlias", .roleAlias, \.roleAlias, "IoT: the role alias"),
    Key("agent.authentication.thingName", .thingName, \.thingName, "IoT: the name of the thing"),
    Key("agent.authentication.certificate", .certificate, \.certificate, "IoT: the files of certificate and private key"),
  ]

  static let file: [Key<Configuration.File>] = [
    Key("\(collectList)[].file_path", .text, \.filePath, "path or glob of the log files"),
    Key("\(collectList)[].include_patterns", .patterns, \.patterns.include, "lines must match one of these, if there are any"),
    Key("\(collectList)[].exclude_patterns", .patterns, \.patterns.exclude, "lines that match one of these are dropped"),
  ]

  static let authenticationSection = "agent.authentication"
  static let collectList = "logs.logs_collected.files.collect_list"
  static let journal = "logs.logs_collected.journal"

  /// Keys of Amazon's CloudWatch agent (its `schema.json` and translator) and of the original's manual that do nothing here.
  static let unsupported: Set<String> = Set(
    paths("", ["traces", "opentelemetry"])
      + paths(
        "agent.",
        [
          "aws_sdk_log_level", "credentials", "deployment.environment", "hostname", "internal", "omit_hostname", "run_as_user",
          "service.name", "usage_data", "usage_metadata", "use_dualstack_endpoint", "user_agent",
        ])
      + paths(
        "metrics.",
        [
          "aggregation_dimensions", "append_dimensions", "credentials", "deployment.environment", "endpoint_override",
          "force_flush_interval", "metrics_collected", "metrics_destinations", "service.name",
        ])
      + paths(
        "logs.",
        [
          "concurrency", "credentials", "deployment.environment", "endpoint_override", "force_flush_interval", "log_stream_name",
          "metrics_collected", "service.name",
        ])
      + paths("logs.logs_collected.", ["journald", "windows_events"])
      + paths("\(journal).", ["filters", "log_group_name", "log_stream_name", "retention_in_days"])
      + paths(
        "\(collectList)[].",
        [
          "auto_removal", "backpressure_mode", "blacklist", "deployment.environment", "encoding", "filters", "from_beginning",
          "log_group_class", "log_group_name", "log_stream_name", "multi_line_start_pattern", "pipe", "publish_multi_logs",
          "retention_in_days", "service.name", "timestamp_format", "timezone", "trim_timestamp",
        ]))

  private static func paths(_ parent: String, _ names: [String]) -> [String] { names.map { parent + $0 } }

  /// What manuals say of a key.
  package struct Description {
    package let path: String
    package let type: ValueType
    /// What holds if the key is not there; nil: nothing.
    package let standard: String?
    package let meaning: String
  }

  /// Every key that means something here.
  package static var descriptions: [Description] {
    func describe<Root>(_ keys: [Key<Root>], _ root: Root) -> [Description] {
      keys.map { key in
        var standard = key.get(root)
        if standard == .text("") || standard == .list([]) { standard = nil }
        return Description(path: key.path, type: key.type, standard: standard?.word, meaning: key.meaning)
      }
    }
    return describe(configuration, Configuration()) + describe(authentication, AuthenticationDraft())
      + describe(file, Configuration.File(filePath: ""))
  }

  /// The keys that mean something here, and every object and list on the way to them.
  package static let known: Set<String> = {
    var known: Set<String> = []
    for path in descriptions.map(\.path) {
      known.insert(path)
      for (index, byte) in zip(path.indices, path) where byte == "." {
        known.insert(String(path[..<index]))
      }
    }
    known.remove(collectList + "[]")
    known.insert(collectList)
    return known
  }()

  /// What a slip of the finger may have meant.
  static let named = known.union(unsupported)
}
