internal import Unix

/// Where the events of each source go, and what their groups are made with: by options, else by the configuration.
package struct Routing {
  private struct Target {
    let group: String
    /// Nil: as `StreamNaming` has it.
    let stream: String?
    /// The path or glob of an entry with `publish_multi_logs`: `stream` is the first part of a name.
    var multiLogs: String?

    /// The source, among all of this target, that owns the stream of this name; nil: the target has no such stream. For a stream that
    /// several sources share, the text is empty.
    func owner(of name: String) -> String? {
      guard let stream else { return nil }
      guard let multiLogs else { return stream.utf8.elementsEqual(name.utf8) ? "" : nil }
      return name.hasPrefix("\(stream)_") ? FlatPath.owner(of: name.dropFirst(stream.count + 1), glob: multiLogs) : nil
    }
  }

  private let index: SourceIndex?
  private let indexes: [SourceIndex.Entry: Target]
  private let others: Target
  private let naming: StreamNaming
  private let retentionInDays: Int?
  private var groups: [String: Configuration.GroupSettings] = [:]

  /// The groups of the configuration's entries, in their order.
  package private(set) var groupNames: [String] = []

  /// - Parameters:
  ///   - logGroup, logStream, retentionInDays: options, which win over the configuration.
  ///   - names: what placeholders stand for.
  /// - Throws: `ConfigurationError` or `PatternError`.
  package init(
    _ configuration: Configuration?, names: MachineNames?, logGroup: String?, logStream: String?, retentionInDays: Int?
  ) throws {
    let logs = configuration?.logs
    func group(_ name: String?, _ keyPath: String) throws -> String {
      if let logGroup { return logGroup }
      guard let template = name ?? logs?.logGroupName, let name = try names?.expand(template) else {
        throw ConfigurationError("no log group; give --log-group (or --config)")
      }
      let group = NameRules.groupName(name)
      guard NameRules.isGroupName(group) else {
        throw ConfigurationError("\(keyPath).log_group_name becomes '\(group)', which is no log group name")
      }
      return group
    }
    func stream(_ name: String?) throws -> String? {
      if let logStream { return logStream }
      return try (name ?? logs?.logStreamName).flatMap { try names?.expand($0) }.map(NameRules.streamName)
    }

    self.retentionInDays = retentionInDays
    others = Target(group: try group(nil, "logs"), stream: try stream(nil))
    groups[others.group] = logs?.group
    guard let logs else {
      index = nil
      naming = StreamNaming(filePaths: [])
      indexes = [:]
      return
    }
    let index = try SourceIndex(logs)
    self.index = index
    let paths = logs.entries.compactMap(index.path)
    naming = StreamNaming(filePaths: paths, journals: logs.journals.map(\.source))
    var indexes: [SourceIndex.Entry: Target] = [:]
    for entry in logs.entries {
      guard let settings = logs[entry] else { continue }
      var location = Target(group: try group(settings.logGroupName, entry.keyPath), stream: try stream(settings.logStreamName))
      if logStream == nil, case .file(let number) = entry, logs.files[number].publishMultiLogs == true {
        location.multiLogs = index.path(of: entry)
      }
      indexes[entry] = location
      if !groupNames.contains(location.group) { groupNames.append(location.group) }
      // What the configuration says of its groups does not hold for the one of the option.
      if logGroup != nil { continue }
      let differing = groups[location.group, default: Configuration.GroupSettings()].merge(settings.group)
      if let key = differing.first {
        throw ConfigurationError("\(entry.keyPath).\(key): the log group '\(location.group)' has another one elsewhere; give it one")
      }
    }
    self.indexes = indexes
  }

  /// The group and stream of a source's events.
  package func destination(of source: String) -> Destination {
    let location = index?.entry(of: source).flatMap { indexes[$0] } ?? others
    guard let stream = location.stream else {
      let name = naming.streamName(of: source)
      return Destination(group: location.group, stream: owners(of: name, location.group).isEmpty ? name : naming.wholeName(of: source))
    }
    guard location.multiLogs != nil else { return Destination(group: location.group, stream: stream) }
    let name = NameRules.streamName("\(stream)_\(FlatPath.make(of: source))")
    let isItsOwn = owners(of: name, location.group).allSatisfy { $0.utf8.elementsEqual(source.utf8) }
    // With its slashes, where the CloudWatch agent's name could be another's.
    return Destination(group: location.group, stream: isItsOwn ? name : NameRules.streamName(stream + naming.escaped(source)))
  }

  /// The sources that have a stream of this name in a group because an entry says so.
  private func owners(of name: String, _ group: String) -> [String] {
    indexes.values.compactMap { $0.group == group ? $0.owner(of: name) : nil }
  }

  /// What a group is made with; the option wins.
  package func settings(ofGroup name: String) -> Configuration.GroupSettings {
    var settings = groups[name] ?? Configuration.GroupSettings()
    if let retentionInDays { settings.retentionInDays = retentionInDays }
    return settings
  }
}
