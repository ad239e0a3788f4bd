package import Unix

/// The shared `config` and `credentials` files of AWS's tools (AWS SDKs and Tools Reference Guide, "Shared config and
/// credentials files"), as the AWS CLI reads them.
package struct SharedConfig: Equatable {
  /// A section's keys in lower case. A key with nested lines holds them under `key.nested`.
  typealias Section = [String: String]

  /// By profile name; the credentials file wins over the config file, key by key.
  private(set) var profiles: [String: Section] = [:]
  /// The credentials file alone: its static keys come before a `credential_process`, those of the config file after it.
  private(set) var credentialsProfiles: [String: Section] = [:]
  /// The config file alone.
  private(set) var configProfiles: [String: Section] = [:]
  /// Other sections of the config file by kind and name: `services local`, `sso-session corp`.
  private(set) var otherSections: [String: Section] = [:]
  /// Messages about files whose secrets other users can read.
  package private(set) var warnings: [String] = []

  /// Why a `credential_process` is not run: other users could have written the file that has one. Nil: it is run.
  package private(set) var trustError: String?

  /// The largest file that is read, in bytes.
  static let limit = 4 << 20
  /// The section whose keys are defaults for all others.
  static let standIn = "DEFAULT"

  /// Reads both files. A missing file is empty.
  /// - Throws: `SystemError` for an unreadable file, `CommandError` for one that does not follow the grammar.
  package static func load(environment: Environment) throws -> SharedConfig {
    var result = SharedConfig()
    let (config, credentials) = (configPath(environment), credentialsPath(environment))
    if let bytes = try result.bytes(of: config) { try result.readConfig(bytes, name: config) }
    if let bytes = try result.bytes(of: credentials) { try result.readCredentials(bytes, name: credentials) }
    return result
  }

  static func configPath(_ environment: Environment) -> String {
    expand(environment("AWS_CONFIG_FILE") ?? "~/.aws/config", environment)
  }

  static func credentialsPath(_ environment: Environment) -> String {
    expand(environment("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials", environment)
  }

  mutating func readConfig(_ bytes: [UInt8], name: String) throws {
    for (section, keys) in try Self.sections(bytes, name: name) {
      if section == "default" {
        configProfiles[section] = keys
      } else if let words = ShellWords.split(section), words.count == 2 {
        switch words[0] {
        // The later one of [default] and [profile default] counts.
        case "profile": configProfiles[words[1]] = keys
        case "services", "sso-session": otherSections[words.joined(separator: " ")] = keys
        default: break
        }
      }
    }
    merge()
  }

  mutating func readCredentials(_ bytes: [UInt8], name: String) throws {
    for (section, keys) in try Self.sections(bytes, name: name) { credentialsProfiles[section] = keys }
    merge()
  }

  private mutating func merge() {
    profiles = configProfiles.merging(credentialsProfiles) { config, credentials in config.merging(credentials) { $1 } }
  }

  // MARK: - files

  private mutating func bytes(of path: String) throws -> [UInt8]? {
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let error = SystemError("open \(path)")
      // setpriv, chpst and the like change the user and leave HOME, which then belongs to another user: a file there counts as missing.
      if [ENOENT, ENOTDIR].contains(error.code) || error.code == EACCES && FileStatus.ofLink(path) == nil { return nil }
      throw error
    }
    defer { close(descriptor) }
    let bytes = try TextFile.read(descriptor: descriptor, name: path, limit: Self.limit)
    let status = try FileStatus.of(descriptor, name: path)
    if let lines = try? SharedConfigLine.all(bytes, name: path),
      lines.contains(where: { if case .key("credential_process", _) = $0.kind { true } else { false } })
    {
      trustError = trustError ?? FileTrust.validationError(path, status)
    }
    if let warning = Self.warning(path, bytes, mode: status.st_mode) { warnings.append(warning) }
    return bytes
  }

  /// AWS's tools read such a file too, so it is no error.
  static func warning(_ path: String, _ bytes: [UInt8], mode: mode_t) -> String? {
    guard mode & S_IFMT == S_IFREG, mode & 0o044 != 0, let lines = try? SharedConfigLine.all(bytes, name: path) else { return nil }
    let secrets = ["aws_secret_access_key", "aws_session_token", "aws_security_token"]
    guard lines.contains(where: { if case .key(let key, _) = $0.kind { secrets.contains(key) } else { false } }) else { return nil }
    return "\(path) holds keys, and its mode \(String(mode & 0o777, radix: 8)) lets others read them; chmod 600 \(path)"
  }

  // Follows Python's os.path.expandvars and expanduser; unknown variables stay as they are.
  private static func expand(_ path: String, _ environment: Environment) -> String {
    var expanded = ""
    var rest = path[...]
    while let dollar = rest.firstIndex(of: "$") {
      expanded += rest[..<dollar]
      rest = rest[dollar...]
      let isBraced = rest.dropFirst().first == "{"
      let name = rest.dropFirst(isBraced ? 2 : 1).prefix { isBraced ? $0 != "}" : $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
      if let value = environment(String(name)), !name.isEmpty, !isBraced || name.endIndex < rest.endIndex {
        expanded += value
        rest = rest[name.endIndex...].dropFirst(isBraced ? 1 : 0)
      } else {
        expanded.append(rest.removeFirst())
      }
    }
    expanded += rest
    if expanded == "~" || expanded.hasPrefix("~/"), let home = homeDirectory(environment) { return home + expanded.dropFirst() }
    return expanded
  }

  // MARK: - sections

  private static func sections(_ bytes: [UInt8], name: String) throws -> [(name: String, keys: Section)] {
    var sections: [(name: String, keys: Section)] = []
    var common: Section = [:]
    var section = ""
    var keys: Section = [:]
    var key: (name: String, values: [(text: String, line: Int)])?

    func endKey() throws {
      guard let (name, values) = key else { return }
      key = nil
      guard values[0].text.isEmpty, values.contains(where: { !$0.text.isEmpty }) else {
        let end = (values.lastIndex { !$0.text.isEmpty } ?? 0) + 1
        keys[name] = values[..<end].map(\.text).joined(separator: "\n")
        return
      }
      // A key without a value of its own holds nested ones.
      for (text, line) in values where !text.isEmpty {
        guard let equals = text.firstIndex(of: "=") else {
          throw CommandError(.badConfiguration, "\(path) line \(line): no 'key = value' under \(name)")
        }
        keys["\(name).\(SharedConfigLine.trimmed(text[..<equals]))"] = SharedConfigLine.trimmed(text[equals...].dropFirst())
      }
    }
    func endSection() throws {
      try endKey()
      if section == standIn { common.merge(keys) { $1 } } else if !section.isEmpty { sections.append((section, keys)) }
      keys = [:]
    }

    let path = name
    for line in try SharedConfigLine.all(bytes, name: path) {
      switch line.kind {
      case .comment: break
      case .blank: key?.values.append(("", line.number))
      case .continuation(let text): key?.values.append((text, line.number))
      case .key(let name, let value):
        try endKey()
        key = (name, [(value, line.number)])
      case .section(let name):
        try endSection()
        section = name
      }
    }
    try endSection()
    return common.isEmpty ? sections : sections.map { ($0.name, common.merging($0.keys) { $1 }) }
  }
}
