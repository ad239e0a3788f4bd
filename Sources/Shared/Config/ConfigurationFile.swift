internal import Unix

/// A configuration file that was read: its meaning, and everything that is wrong with it.
package struct ConfigurationFile {
  package let path: String
  /// With errors among the problems: what could be understood.
  package private(set) var configuration: Configuration
  /// From the first line to the last.
  package let diagnostics: [Diagnostic]
  /// Every pattern and where it stands, for callers that can compile them.
  package let patterns: [Pattern]
  /// Why its commands are not run for this user; nil: they are, or there are none.
  package private(set) var trustError: String?

  package struct Pattern: Equatable {
    /// Such as `logs.logs_collected.journal.include_patterns[0]`.
    package let keyPath: String
    package let line: Int
    package let pattern: String
  }

  /// Reads a file. Only what makes it unreadable as a whole is thrown: it is not there, others can read the password in it,
  /// it is no JSON.
  package init(reading path: String) throws {
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path, SystemError("open \(path)")) }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, path: path, file: path)
  }

  /// What standard input is called in messages.
  package static let standardInput = "standard input"

  /// The same from standard input.
  /// - Throws: as above.
  package init(readingStandardInput: Void) throws {
    try self.init(descriptor: STDIN_FILENO, path: Self.standardInput, file: "its file")
  }

  /// The same from an open descriptor; `path` and `file`, where there is a mode to mend, are for messages.
  init(descriptor: Int32, path: String, file: String) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("look at \(path)") }
    let text: [UInt8]
    do {
      text = try TextFile.read(descriptor: descriptor, name: path)
    } catch let error as SystemError {
      throw Self.failure(path, error)
    }
    let root = try JSON(text, path: path)
    // A pipe (`-c <(...)`, `-c -`) has no mode that means anything.
    if status.st_mode & S_IFMT == S_IFREG, root.mentionsSecret {
      if let validationError = FileAccess(status).validationError(file, holds: "a password") {
        throw ConfigurationError("\(path): \(validationError)")
      }
    }
    self.init(path: path, root: root)
    trustError = configuration.commands.isEmpty ? nil : FileTrust.validationError(path, status)
    configuration.refuseCommands(trustError)
  }

  /// The same from bytes in memory, without a check of access rights.
  /// - Throws: `ConfigurationError` if they are no JSON.
  package init(path: String, text: [UInt8]) throws {
    self.init(path: path, root: try JSON(text, path: path))
  }

  /// The same from values.
  package init(path: String, root: JSON) {
    let reader = ConfigurationReader(root)
    self.path = path
    configuration = reader.configuration
    diagnostics = reader.diagnostics
    patterns = root.patterns
  }

  /// A problem as a line for a person.
  package func line(_ diagnostic: Diagnostic) -> String { "\(path):\(diagnostic.line): \(diagnostic.text)" }

  /// What it means, if it can be used. Warnings (unknown keys) are handed to `warn`, each a line without prefix; the first error
  /// is thrown.
  package func usable(warn: (String) -> Void) throws -> Configuration {
    for warning in warnings { warn(line(warning)) }
    guard let first = errors.first else { return configuration }
    let others = errors.count - 1
    let more = others > 0 ? " (and \(others) more; cw-config check lists them)" : ""
    throw ConfigurationError(line(first) + more)
  }

  package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
  package var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }

  private static func failure(_ path: String, _ error: SystemError) -> any Failure {
    switch error.code {
    case ENOENT:
      ConfigurationError(
        "no configuration file \(path); write one (amazon-cloudwatch-publisher.json(5) has the keys, {} means all defaults) "
          + "or name another by --config"
      )
    case EACCES, EPERM: error
    default: ConfigurationError(error.message)
    }
  }
}

extension Configuration {
  /// The commands that the file gives.
  fileprivate var commands: [ShellCommand] {
    var commands = agent.instance.command == Instance().command ? [] : [agent.instance.command]
    if case .cognito(let cognito)? = agent.authentication, case .command(let command) = cognito.password { commands.append(command) }
    return commands
  }

  fileprivate mutating func refuseCommands(_ trustError: String?) {
    if agent.instance.command != Instance().command { agent.instance.command.trustError = trustError }
    guard case .cognito(var cognito)? = agent.authentication, case .command(var command) = cognito.password else { return }
    command.trustError = trustError
    cognito.password = .command(command)
    agent.authentication = .cognito(cognito)
  }
}

extension JSON {
  /// The values in a file's bytes; `path` is for the message.
  /// - Throws: `ConfigurationError` if they are no JSON.
  package init(_ text: [UInt8], path: String) throws {
    do {
      self = try JSONParser.parse(text)
    } catch let fault as JSONParser.Fault {
      throw ConfigurationError("\(path):\(fault.line):\(fault.column): not valid JSON: \(fault.reason)")
    }
  }

  /// Whether a password or the like stands anywhere in here, also under a misspelled parent.
  fileprivate var mentionsSecret: Bool { mentions { JSON.secretNames.contains($0.lowercased()) } }

  private static let secretNames = Set(Schema.secrets.compactMap { $0.split(separator: ".").last?.lowercased() })

  fileprivate var patterns: [ConfigurationFile.Pattern] {
    let collected = self["logs"]?.value["logs_collected"]?.value
    func elements(_ list: JSON?, _ path: String) -> [ConfigurationFile.Pattern] {
      guard case .list(let entries)? = list?.value else { return [] }
      return entries.enumerated().flatMap { $1.patterns(under: "\(path)[\($0)]") }
    }
    return elements(collected?["files"]?.value["collect_list"]?.value, Schema.collectList)
      + (collected?["journal"]?.value.patterns(under: Schema.journal) ?? [])
      + elements(collected?["journald"]?.value["collect_list"]?.value, Schema.journaldList)
      + elements(self["metrics"]?.value["metrics_collected"]?.value["procstat"]?.value, "\(Schema.pluginsSection).procstat")
  }

  private func patterns(under path: String) -> [ConfigurationFile.Pattern] {
    func pattern(_ json: JSON?, _ key: String) -> ConfigurationFile.Pattern? {
      guard let json, case .text(let text) = json.value else { return nil }
      return ConfigurationFile.Pattern(keyPath: "\(path).\(key)", line: json.line, pattern: text)
    }
    func elements(_ key: String) -> [(String, JSON)] {
      guard case .list(let elements)? = self[key]?.value.value else { return [] }
      return elements.enumerated().map { ("\(key)[\($0)]", $1) }
    }
    let lists = ["include_patterns", "exclude_patterns"].flatMap { elements($0).compactMap { pattern($1, $0) } }
    let filters = elements("filters").compactMap { pattern($1["expression"]?.value, "\($0).expression") }
    let single = ["multi_line_start_pattern", "blacklist", "exe", "pattern"].compactMap { pattern(self[$0]?.value, $0) }
    return lists + filters + single.filter { $0.pattern != Configuration.File.timestampFormatPlaceholder }
  }
}
