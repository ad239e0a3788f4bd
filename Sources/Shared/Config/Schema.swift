/// Every key of the configuration file: what reading, `show`, the nearest-key hint and the manual's test go by.
package enum Schema {
  static let configuration: [Key<Configuration>] =
    [
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
      Key(
        "metrics.log_status", .choice(Configuration.LogStatus.self), \.metrics.logStatus,
        "whether to publish how delivery stands, of the logs for all or for each"),
      Key("metrics.collect", .boolean, \.metrics.collect, "whether there are metrics"),
      Key("metrics.put_interval", .seconds, \.metrics.putInterval, "time between two calls that carry metrics"),
      Key("metrics.storage_resolution", .storageResolution, \.metrics.storageResolution, "seconds by which CloudWatch keeps the samples"),
      Key("metrics.clock_offset", .boolean, \.metrics.clockOffset, "whether to publish how far the clock is from the service's"),
      Key("logs.log_group_name", .groupTemplate, \.logs.logGroupName, "log group"),
      Key("logs.log_stream_name", .streamTemplate, \.logs.logStreamName, "one log stream for all; by default each source has its own"),
    ] + metrics + group.map { $0.within("logs.", \.logs.group) } + [
      Key(
        "\(journal).collect", .boolean, \.logs.journal.collect,
        "whether to send the systemd journal; true if journal is there without it")
    ] + selection.map { $0.within("\(journal).", \.logs.journal.selection) }
    + settings.map { $0.within("\(journal).", \.logs.journal.settings) }

  static let authentication: [Key<AuthenticationDraft>] = [
    Key("agent.authentication.accountId", .accountId, \.accountId, "Cognito: the AWS account"),
    Key("agent.authentication.userPoolId", .userPoolId, \.userPoolId, "Cognito: the user pool"),
    Key("agent.authentication.identityPoolId", .identityPoolId, \.identityPoolId, "Cognito: the identity pool"),
    Key("agent.authentication.appClientId", .appClientId, \.appClientId, "Cognito: the app client of the user pool"),
    Key("agent.authentication.appClientSecret", .secret, \.appClientSecret, "Cognito: the secret of the app client, if it has one"),
    Key("agent.authentication.password", .secret, \.password, "Cognito: the password of the user named like the instance id"),
    Key("agent.authentication.passwordFile", .text, \.passwordFile, "Cognito: a file with the password"),
    Key("agent.authentication.passwordCommand", .text, \.passwordCommand, "Cognito: a shell command that prints the password"),
    Key(
      "agent.authentication.authFlow", .choice(Configuration.Cognito.AuthFlow.self), \.authFlow,
      "Cognito: whether the password is proved or sent"),
    Key("agent.authentication.iotUrl", .host, \.iotUrl, "IoT: the host of the credential provider"),
    Key("agent.authentication.roleAlias", .roleAlias, \.roleAlias, "IoT: the role alias"),
    Key("agent.authentication.thingName", .thingName, \.thingName, "IoT: the name of the thing"),
    Key("agent.authentication.trustAnchorArn", .trustAnchorArn, \.trustAnchorArn, "Roles Anywhere: the trust anchor"),
    Key("agent.authentication.profileArn", .profileArn, \.profileArn, "Roles Anywhere: the profile"),
    Key("agent.authentication.roleArn", .roleArn, \.roleArn, "Roles Anywhere: the role"),
    Key("agent.authentication.durationSeconds", .sessionSeconds, \.durationSeconds, "Roles Anywhere: how long credentials last"),
    Key("agent.authentication.roleSessionName", .roleSessionName, \.roleSessionName, "Roles Anywhere: the name of the session"),
    Key("agent.authentication.certificate", .certificate, \.certificate, "IoT, Roles Anywhere: the files of certificate and private key"),
  ]

  static let file: [Key<Configuration.File>] =
    [
      Key("\(collectList)[].file_path", .text, \.filePath, "path or glob of the log files"),
      Key("\(collectList)[].timestamp_format", .timestampFormat, \.timestampFormat, "what the timestamps of the events look like"),
      Key("\(collectList)[].timezone", .choice(Configuration.TimeZoneChoice.self), \.timezone, "time zone of timestamps without one"),
      Key("\(collectList)[].trim_timestamp", .boolean, \.trimTimestamp, "whether the timestamp is taken out of the event"),
      Key("\(collectList)[].multi_line_start_pattern", .patternText, \.multiLineStartPattern, "what the first line of an event looks like"),
      Key("\(collectList)[].encoding", .encoding, \.encoding, "character encoding"),
      Key("\(collectList)[].blacklist", .patternText, \.blacklist, "files of the glob whose base name matches this are left out"),
      Key("\(collectList)[].from_beginning", .boolean, \.fromBeginning, "whether files are read from their beginning the first time"),
      Key("\(collectList)[].publish_multi_logs", .boolean, \.publishMultiLogs, "whether each file of the glob has a stream of its own"),
    ] + settings.map { $0.within("\(collectList)[].", \.settings) }

  static let journaldSelection: [Key<Configuration.Journal>] =
    selection.map { $0.within("\(journaldList)[].", \.selection) } + settings.map { $0.within("\(journaldList)[].", \.settings) }

  /// The keys of a group, wherever one is named.
  static let group: [Key<Configuration.GroupSettings>] = [
    Key("retention_in_days", .retention, \.retentionInDays, "how long CloudWatch Logs keeps events; by default for ever"),
    Key("log_group_class", .choice(Configuration.LogGroupClass.self), \.logGroupClass, "class that the log group is made with"),
    Key("kms_key_id", .kmsKey, \.kmsKeyId, "KMS key that the log group is made with"),
    Key("tags", .tags, \.tags, "tags that the log group is made with"),
  ]

  /// The keys of each file and journal, but for `filters`.
  static let settings: [Key<Configuration.SourceSettings>] =
    [
      Key("log_group_name", .groupTemplate, \.logGroupName, "log group, if not that of logs"),
      Key("log_stream_name", .streamTemplate, \.logStreamName, "log stream"),
    ] + group.map { $0.within("", \.group) } + [
      Key("include_patterns", .patterns, \.patterns.include, "events must match one of these, if there are any"),
      Key("exclude_patterns", .patterns, \.patterns.exclude, "events that match one of these are dropped"),
    ]

  static let selection: [Key<JournalSelection>] = [
    Key("units", .units, \.units, "systemd units; by default all"),
    Key("priority", .priority, \.priority, "the least grave priority"),
    Key("matches", .matches, \.matches, "fields and values that entries must have"),
    Key("namespace", .journalNamespace, \.namespace, "journal namespace of the units; by default that of the system"),
  ]

  static let filter: [Key<Configuration.EventFilter>] = [
    Key("type", .choice(Configuration.EventFilter.Kind.self), \.type, "whether events must match, or must not"),
    Key("expression", .pattern, \.expression, "a pattern"),
  ]

  /// The keys of a list of filters, each with its whole path.
  static func filters(under path: String) -> [Key<Configuration.EventFilter>] { filter.map { $0.within("\(path).filters[].", \.self) } }

  static let authenticationSection = "agent.authentication"
  /// What is read on its own.
  static let sections: Set<String> = [authenticationSection, pluginsSection]
  static let collectList = "logs.logs_collected.files.collect_list"
  package static let journal = "logs.logs_collected.journal"
  static let journaldList = "logs.logs_collected.journald.collect_list"

  /// Keys of Amazon's CloudWatch agent (its `schema.json` and translator) and of the original's manual that do nothing here.
  static let unsupported: Set<String> = Set(
    paths("", ["traces", "opentelemetry"]) + unsupportedPlugins
      + paths(
        "agent.",
        [
          "aws_sdk_log_level", "credentials", "deployment.environment", "internal", "run_as_user",
          "service.name", "usage_data", "usage_metadata", "use_dualstack_endpoint", "user_agent",
        ])
      + paths(
        "metrics.",
        [
          "credentials", "deployment.environment", "endpoint_override", "force_flush_interval", "metrics_destinations", "service.name",
        ])
      + paths(
        "logs.",
        [
          "concurrency", "credentials", "deployment.environment", "endpoint_override", "force_flush_interval", "metrics_collected",
          "service.name",
        ])
      + paths("logs.logs_collected.", ["windows_events"])
      + paths("\(journaldList)[].", ["mode"])
      + paths(
        "\(collectList)[].", ["auto_removal", "backpressure_mode", "deployment.environment", "ignore_symlinks", "pipe", "service.name"]))

  private static func paths(_ parent: String, _ names: [String]) -> [String] { names.map { parent + $0 } }

  /// What manuals say of a key.
  package struct Description {
    package let path: String
    package let type: ValueType
    /// What holds if the key is not there; nil: nothing.
    package let standard: String?
    package let meaning: String
    /// Where a manual says it: `NAME` stands for each section that has the key.
    package let manualPath: String
  }

  /// Every key that means something here.
  package static var descriptions: [Description] {
    func describe<Root>(_ keys: [Key<Root>], _ root: Root?) -> [Description] {
      keys.map { key in
        var standard = root.flatMap(key.get)
        if standard == .text("") || standard == .list([]) { standard = nil }
        return Description(path: key.path, type: key.type, standard: standard?.word, meaning: key.meaning, manualPath: key.path)
      }
    }
    // One by one: put together in an expression they take an older compiler too long.
    var descriptions = describe(configuration, Configuration())
    descriptions += describe(authentication, AuthenticationDraft())
    descriptions += describe(file, Configuration.File(filePath: ""))
    descriptions += describe(journaldSelection, .journald)
    descriptions += pluginDescriptions
    for location in ["\(collectList)[]", journal, "\(journaldList)[]"] { descriptions += describe(filters(under: location), nil) }
    return descriptions
  }

  /// The keys that mean something here, and every object and list on the way to them.
  package static let known: Set<String> = {
    var known: Set<String> = []
    for path in descriptions.map(\.path) {
      known.insert(path)
      for (index, byte) in zip(path.indices, path) where byte == "." {
        known.insert(path[..<index].hasSuffix("[]") ? String(path[..<index].dropLast(2)) : String(path[..<index]))
      }
    }
    return known
  }()

  /// Lists of objects, which are read element by element.
  static let lists = Set(descriptions.map(\.path).flatMap { path in path.ranges(of: "[].").map { String(path[..<$0.lowerBound]) } })

  /// The keys whose text is a name with placeholders.
  package static let templates = Set(descriptions.filter(\.type.isTemplate).map(\.path))

  /// The keys whose value is never shown.
  package static let secrets = Set(descriptions.filter(\.type.isSecret).map(\.path))

  /// What a slip of the finger may have meant.
  static let named = known.union(unsupported)
}
