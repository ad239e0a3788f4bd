internal import Unix

/// A configuration file that was read: its meaning, and everything that is wrong with it.
package struct ConfigurationFile {
  package let path: String
  /// With errors among the problems: what could be understood.
  package private(set) var configuration: Configuration
  /// From the first line to the last.
  package let diagnostics: [Diagnostic]
  /// Every pattern and where it stands, for callers that can compile them.
  package let patterns: [PatternKey]
  /// Why its commands are not run for this user; nil: they are, or there are none.
  package private(set) var trustError: String?

  /// A key whose value is a pattern.
  package struct PatternKey: Equatable {
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
    let status = try FileStatus.of(descriptor, name: path)
    let text = try translating({ Self.failure(path, $0) }) { try TextFile.read(descriptor: descriptor, name: path) }
    let root = try JSON(text, path: path)
    // A pipe (`-c <(...)`, `-c -`) has no mode that means anything.
    if status.isRegular, root.mentionsSecret, let validationError = FileAccess(status).validationError(file, holds: "a password") {
      throw ConfigurationError("\(path): \(validationError)")
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
    patterns = reader.patterns
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
}
