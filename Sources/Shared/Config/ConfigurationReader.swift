/// Reads a JSON tree against the schema: values, and everything that is wrong with them.
struct ConfigurationReader {
  private(set) var configuration = Configuration()
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var patterns: [ConfigurationFile.PatternKey] = []

  init(_ root: JSON) {
    var configuration = Configuration()
    readObject(root, JSONLocation(line: root.line), keys: Schema.configuration, into: &configuration)
    readAuthentication(root, into: &configuration)
    readCollected(root, into: &configuration)
    readPlugins(root, into: &configuration)
    if Self.isForLogsOnly(root) { configuration.metrics.collect = false }
    self.configuration = configuration
    // Every check goes through the whole file; a person reads from top to bottom.
    diagnostics = Self.sorted(diagnostics, by: \.line)
    patterns = Self.sorted(patterns, by: \.line)
  }

  private static func sorted<Element>(_ found: [Element], by line: (Element) -> Int) -> [Element] {
    found.enumerated().sorted { (line($0.element), $0.offset) < (line($1.element), $1.offset) }.map(\.element)
  }

  /// One object and the objects in it.
  mutating func readObject<Root>(_ json: JSON, _ location: JSONLocation, keys: [Key<Root>], into root: inout Root) {
    guard case .object(let members) = json.value else {
      let example = location.path.isEmpty ? ", such as {}" : ""
      report(location, "expected an object, in braces\(example); found \(ValueType.text.found(json.value, quotes: location.mayQuote))")
      return
    }
    let lastIndices = Dictionary(members.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { $1 })
    var firstLines: [String: Int] = [:]
    for (index, member) in members.enumerated() {
      let inner = location.member(member)
      if let first = firstLines.updateValue(firstLines[member.key] ?? member.line, forKey: member.key) {
        warn(inner, "duplicate key \(inner.path), first in line \(first); the last one counts")
      }
      if lastIndices[member.key] == index { readMember(member.value, inner, keys: keys, into: &root) }
    }
  }

  mutating func readMember<Root>(_ json: JSON, _ location: JSONLocation, keys: [Key<Root>], into root: inout Root) {
    if let key = keys.first(where: { $0.path == location.schemaPath }) {
      guard json.value != .null else { return }
      if let validationError = key.type.validationError(json.value, quotes: location.mayQuote) { return report(location, validationError) }
      key.set(&root, json.value)
      if key.type.isPattern { notePatterns(json, location) }
    } else if Schema.sections.contains(location.schemaPath) || Schema.lists.contains(location.schemaPath) {
      return  // read on their own
    } else if Schema.known.contains(location.schemaPath) {
      if json.value != .null { readObject(json, location, keys: keys, into: &root) }
    } else if Schema.unsupported.contains(location.schemaPath) {
      warn(location, "key \(location.path) is known to the CloudWatch agent but not supported here yet; it has no effect")
    } else {
      let nearest = NearestKey.find(location.schemaPath, in: Schema.named)
      warn(location, "unknown key \(location.path)" + (nearest.map { "; did you mean \($0)?" } ?? "; it has no effect"))
    }
  }

  private mutating func notePatterns(_ json: JSON, _ location: JSONLocation) {
    switch json.value {
    case .list(let elements):
      for (index, element) in elements.enumerated() { notePatterns(element, location.element(index, line: element.line)) }
    case .text(let text) where text != Configuration.File.timestampFormatPlaceholder:
      patterns.append(ConfigurationFile.PatternKey(keyPath: location.path, line: location.line, pattern: text))
    default: break
    }
  }

  private mutating func readAuthentication(_ root: JSON, into configuration: inout Configuration) {
    guard let section = root["agent"]?.value["authentication"] else { return }
    let location = JSONLocation(path: Schema.authenticationSection, schemaPath: Schema.authenticationSection, line: section.line)
    var draft = AuthenticationDraft()
    readObject(section.value, location, keys: Schema.authentication, into: &draft)
    guard case .object = section.value.value else { return }
    let hasKey = { section.value[$0] != nil }
    let validationError = AuthenticationDraft.validationError(keys: hasKey) ?? draft.contradiction
    if let validationError { report(location, validationError) }
    if root["agent"]?.value["region"] == nil {
      report(location, "agent.region is missing; Cognito, IoT and Roles Anywhere are asked in one region")
    }
    let unused = validationError == nil ? draft.unused(keys: hasKey) : []
    for key in unused {
      guard let member = section.value[key] else { continue }
      let inner = location.member(member)
      warn(inner, "\(inner.path) has no effect beside the other keys of \(location.path)")
    }
    configuration.agent.authentication = draft.authentication
  }

  /// Whether the file is one of the CloudWatch agent for logs alone: without the section metrics the agent collects none. The original
  /// publisher, whose own keys the agent does not have, does.
  private static func isForLogsOnly(_ root: JSON) -> Bool {
    let (agent, logs) = (root["agent"]?.value, root["logs"]?.value)
    let own = [agent?["instance"], agent?["authentication"], logs?["log_group_name"], logs?["logs_collected"]?.value["journal"]]
    return root["metrics"] == nil && logs?["logs_collected"] != nil && own.allSatisfy { $0 == nil }
  }

  // MARK: - what is collected

  private mutating func readCollected(_ root: JSON, into configuration: inout Configuration) {
    guard let logs = root["logs"] else { return }
    let collected = logs.value["logs_collected"]?.value
    var groups = GroupLines(configuration.logs.logGroupName)
    diagnostics += groups.take(nil, configuration.logs.group, JSONLocation().member(logs), logs.value)

    let files = readList(
      collected?["files"]?.value["collect_list"], at: Schema.collectList, keys: Schema.file, empty: Configuration.File(filePath: ""),
      expected: "a list of objects, each with file_path")
    // As bytes, as the file system compares names.
    var lines: [[UInt8]: Int] = [:]
    for (var file, location, json) in files {
      if json["file_path"] == nil { report(location, "file_path is missing") }
      if !file.filePath.isEmpty, let first = lines.updateValue(location.line, forKey: Array(file.filePath.utf8)) {
        report(location, "\(quoted(file.filePath)) is in the list twice, first in line \(first); join the two")
      }
      checkEvents(of: &file, location, json)
      file.settings.filters = readFilters(json, location)
      diagnostics += groups.take(file.settings.logGroupName, file.settings.group, location, json)
      configuration.logs.files.append(file)
    }

    var sources: [String: Int] = [:]
    if let section = collected?["journal"], case .object = section.value.value {
      let location = JSONLocation(path: Schema.journal, schemaPath: Schema.journal, line: section.line)
      // The original's manual called the presence of `journal` enough, its code wanted `collect`: both shall do.
      if section.value["collect"] == nil { configuration.logs.journal.collect = true }
      configuration.logs.journal.settings.filters = readFilters(section.value, location)
      let settings = configuration.logs.journal.settings
      diagnostics += groups.take(settings.logGroupName, settings.group, location, section.value)
      if configuration.logs.journal.collect { sources[configuration.logs.journal.source] = location.line }
    }
    let journals = readList(
      collected?["journald"]?.value["collect_list"], at: Schema.journaldList, keys: Schema.journaldSelection,
      empty: Configuration.Journal.journald, expected: "a list of objects")
    for (var journal, location, json) in journals {
      if let first = sources.updateValue(location.line, forKey: journal.source) {
        report(location, "the same entries of the journal are selected twice, first in line \(first); join the two")
      }
      journal.settings.filters = readFilters(json, location)
      diagnostics += groups.take(journal.settings.logGroupName, journal.settings.group, location, json)
      configuration.logs.journald.append(journal)
    }
  }

  /// The elements of a list of objects that are objects.
  mutating func readList<Element>(
    _ list: JSON.Member?, at path: String, schemaPath: String? = nil, keys: [Key<Element>], empty: Element, expected: String
  ) -> [(Element, JSONLocation, JSON)] {
    guard let list else { return [] }
    let location = JSONLocation(path: path, schemaPath: schemaPath ?? path, line: list.line)
    guard case .list(let elements) = list.value.value else {
      report(location, "expected \(expected); found \(ValueType.text.found(list.value.value))")
      return []
    }
    var result: [(Element, JSONLocation, JSON)] = []
    for (index, json) in elements.enumerated() {
      let inner = location.element(index, line: json.line)
      var element = empty
      readObject(json, inner, keys: keys, into: &element)
      if case .object = json.value { result.append((element, inner, json)) }
    }
    return result
  }

  private mutating func readFilters(_ json: JSON, _ parent: JSONLocation) -> [Configuration.EventFilter] {
    let filters = readList(
      json["filters"], at: "\(parent.path).filters", schemaPath: "\(parent.schemaPath).filters",
      keys: Schema.filters(under: parent.schemaPath), empty: Configuration.EventFilter(.include, ""),
      expected: "a list of objects with type and expression")
    for (_, location, json) in filters {
      for key in ["type", "expression"] where json[key] == nil { report(location, "\(key) is missing") }
    }
    return filters.map(\.0)
  }

  private mutating func checkEvents(of file: inout Configuration.File, _ location: JSONLocation, _ json: JSON) {
    func inner(_ key: String) -> JSONLocation { json[key].map(location.member) ?? location }
    if file.publishMultiLogs == false {
      warn(inner("publish_multi_logs"), "\(inner("publish_multi_logs").path) is false, but all files that match are followed")
    }
    guard json["timestamp_format"] == nil else { return }
    if file.multiLineStartPattern == Configuration.File.timestampFormatPlaceholder {
      report(inner("multi_line_start_pattern"), "timestamp_format is missing, which it stands for")
    }
    // The defaults are no news.
    for (key, isDefault) in [("timezone", file.timezone == .local), ("trim_timestamp", !file.trimTimestamp)] where !isDefault {
      warn(inner(key), "\(inner(key).path) has no effect without timestamp_format")
    }
  }

  mutating func report(_ location: JSONLocation, _ text: String) {
    let subject = location.path.isEmpty ? "" : "\(location.path): "
    diagnostics.append(Diagnostic(severity: .error, line: location.line, text: subject + text))
  }

  mutating func warn(_ location: JSONLocation, _ text: String) {
    diagnostics.append(Diagnostic(severity: .warning, line: location.line, text: text))
  }
}
