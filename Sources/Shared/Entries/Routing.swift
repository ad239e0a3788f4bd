package import Config
internal import Unix

/// Where the events of each source go, and what their groups are made with: by options, else by the configuration.
package struct Routing {
  private struct Place {
    let group: String
    /// Nil: as `StreamNaming` has it.
    let stream: String?
    let streamIsPrefix: Bool
  }

  private let index: SourceIndex?
  private let places: [SourceIndex.Entry: Place]
  private let others: Place
  private let naming: StreamNaming
  private let retentionInDays: Int?
  private var groups: [String: Configuration.GroupSettings] = [:]

  /// The groups of the configuration's entries, in their order.
  package private(set) var groupNames: [String] = []

  /// - Parameters:
  ///   - logGroup, logStream, retentionInDays: options, which win over the configuration.
  ///   - names: what placeholders stand for.
  package init(
    _ configuration: Configuration?, names: MachineNames?, logGroup: String?, logStream: String?, retentionInDays: Int?
  ) throws {
    let logs = configuration?.logs
    func group(_ name: String?, _ keyPath: String) throws -> String {
      if let logGroup { return logGroup }
      guard let template = name ?? logs?.logGroupName, let name = try names?.expand(template) else {
        throw ConfigurationError("no log group; give --log-group (or --config)")
      }
      let group = Destination.groupName(name)
      guard Destination.isGroupName(group) else {
        throw ConfigurationError("\(keyPath).log_group_name becomes '\(group)', which is no log group name")
      }
      return group
    }
    func stream(_ name: String?) throws -> String? {
      if let logStream { return logStream }
      return try (name ?? logs?.logStreamName).flatMap { try names?.expand($0) }
    }

    self.retentionInDays = retentionInDays
    naming = StreamNaming(filePaths: logs?.files.map(\.filePath) ?? [])
    others = Place(group: try group(nil, "logs"), stream: try stream(nil), streamIsPrefix: false)
    groups[others.group] = logs?.group
    guard let logs else {
      index = nil
      places = [:]
      return
    }
    index = try SourceIndex(logs)
    var places: [SourceIndex.Entry: Place] = [:]
    for entry in logs.entries {
      guard let settings = logs[entry] else { continue }
      let place = Place(
        group: try group(settings.logGroupName, entry.keyPath), stream: try stream(settings.logStreamName),
        streamIsPrefix: logStream == nil && logs.publishesMultiLogs(entry))
      places[entry] = place
      if !groupNames.contains(place.group) { groupNames.append(place.group) }
      // What the configuration says of its groups does not hold for the one of the option.
      if logGroup != nil { continue }
      let differing = groups[place.group, default: Configuration.GroupSettings()].merge(settings.group)
      if let key = differing.first {
        throw ConfigurationError("\(entry.keyPath).\(key): the log group '\(place.group)' has another one elsewhere; give it one")
      }
    }
    self.places = places
  }

  package func destination(of source: String) -> Destination {
    let place = index?.entry(of: source).flatMap { places[$0] } ?? others
    guard let stream = place.stream else { return Destination(group: place.group, stream: naming.streamName(of: source)) }
    // As the CloudWatch agent has it.
    let suffix = place.streamIsPrefix ? "_" + Destination.groupName(source).replacing("/", with: "_") : ""
    return Destination(group: place.group, stream: Destination.streamName(stream + suffix))
  }

  package func settings(ofGroup name: String) -> Configuration.GroupSettings {
    var settings = groups[name] ?? Configuration.GroupSettings()
    if let retentionInDays { settings.retentionInDays = retentionInDays }
    return settings
  }
}

extension Configuration.Logs {
  fileprivate func publishesMultiLogs(_ entry: SourceIndex.Entry) -> Bool {
    guard case .file(let index) = entry, files.indices.contains(index) else { return false }
    return files[index].publishMultiLogs == true
  }
}
