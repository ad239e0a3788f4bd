package import Unix

/// The shared `config` and `credentials` files of AWS's tools (AWS SDKs and Tools Reference Guide, "Shared config and
/// credentials files").
package struct SharedConfig: Equatable {
  /// A section's keys in lower case. A key with nested lines holds them under `key.nested`.
  package typealias Section = [String: String]

  /// By profile name; the credentials file wins over the config file, key by key.
  package private(set) var profiles: [String: Section] = [:]
  package private(set) var credentialsFileProfiles: [String: Section] = [:]
  package private(set) var configFileProfiles: [String: Section] = [:]
  /// Sections of other kinds by their full name: `services local`, `sso-session corp`.
  package private(set) var otherSections: [String: Section] = [:]

  package init() {}

  /// Reads both files at their usual places. A file that does not exist is empty.
  /// - Throws: `SystemError` for a file that is there and can not be read, `Malformed` for one that is no such file.
  package static func load(environment: Environment) throws -> SharedConfig {
    var result = SharedConfig()
    let home = environment("HOME") ?? ""
    let config = environment("AWS_CONFIG_FILE") ?? "\(home)/.aws/config"
    let credentials = environment("AWS_SHARED_CREDENTIALS_FILE") ?? "\(home)/.aws/credentials"
    if let text = try text(of: config, home: home) { try result.readConfig(text, name: config) }
    if let text = try text(of: credentials, home: home) { try result.readCredentials(text, name: credentials) }
    return result
  }

  /// A file that does not follow the grammar.
  package struct Malformed: Failure {
    package let message: String
    package var status: ExitStatus { .badConfiguration }
  }

  mutating func readConfig(_ text: String, name: String) throws {
    for (section, keys) in try Self.sections(text, name: name) {
      if section == "default" {
        profiles["default", default: [:]].merge(keys) { $1 }
      } else if let profile = Self.profileName(section) {
        profiles[profile, default: [:]].merge(keys) { $1 }
      } else {
        otherSections[section, default: [:]].merge(keys) { $1 }
      }
    }
  }

  mutating func readCredentials(_ text: String, name: String) throws {
    for (section, keys) in try Self.sections(text, name: name) { profiles[section, default: [:]].merge(keys) { $1 } }
  }

  private static func text(of path: String, home: String) throws -> String? {
    let expanded = path.hasPrefix("~/") ? home + path.dropFirst(1) : path
    do {
      return String(decoding: try TextFile.read(expanded), as: UTF8.self)
    } catch let error as SystemError where error.code == ENOENT || error.code == ENOTDIR {
      return nil
    }
  }

  // `profile NAME`, the name with or without quotes.
  private static func profileName(_ section: String) -> String? {
    guard section.hasPrefix("profile") else { return nil }
    let rest = section.dropFirst("profile".count)
    guard let first = rest.first, isSpace(first) else { return nil }
    let name = trimmed(rest)
    if name.count >= 2, let quote = name.first, quote == "\"" || quote == "'", name.last == quote {
      return String(name.dropFirst().dropLast())
    }
    return name
  }

  private static func sections(_ text: String, name: String) throws -> [(String, Section)] {
    var result: [(String, Section)] = []
    var key: String?
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      let content = trimmed(line)
      if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
      if let first = line.first, isSpace(first), let key, !result.isEmpty {
        continueValue(of: key, with: content, in: &result[result.count - 1].1)
      } else if content.hasPrefix("[") {
        guard let end = content.firstIndex(of: "]") else { throw malformed(name, index, "a section without ]") }
        result.append((trimmed(content[content.index(after: content.startIndex)..<end]), [:]))
        key = nil
      } else {
        guard !result.isEmpty else { throw malformed(name, index, "a key before the first [section]") }
        guard let (newKey, value) = pair(content) else { throw malformed(name, index, "no 'key = value'") }
        result[result.count - 1].1[newKey] = value
        key = newKey
      }
    }
    return result
  }

  // An indented line is a nested `k = v` under a key without value, else the value goes on.
  private static func continueValue(of key: String, with content: String, in section: inout Section) {
    if section[key, default: ""].isEmpty, let (nested, value) = pair(content) {
      section["\(key).\(nested)"] = value
    } else {
      section[key, default: ""] += "\n" + content
    }
  }

  private static func pair(_ content: String) -> (String, String)? {
    guard let equals = content.firstIndex(where: { $0 == "=" || $0 == ":" }), equals != content.startIndex else {
      return nil
    }
    return (trimmed(content[..<equals]).lowercased(), trimmed(content[content.index(after: equals)...]))
  }

  private static func malformed(_ name: String, _ index: Int, _ reason: String) -> Malformed {
    Malformed(message: "\(name) line \(index + 1): \(reason)")
  }

  private static func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }

  private static func trimmed(_ text: some StringProtocol) -> String {
    guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(text[first...last])
  }
}
