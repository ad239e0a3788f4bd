internal import Config
internal import Unix

/// A configuration from which each machine's own is made: another id, another way to sign in, the rest as it stands.
struct DeviceTemplate {
  private let path: String
  private let root: JSON

  init(_ path: String) throws {
    do {
      try self.init(TextFile.read(path), path: path)
    } catch let error as SystemError {
      throw ConfigurationError("\(error.message); give the configuration that all machines have in common as --template")
    }
  }

  init(_ text: [UInt8], path: String) throws {
    self.path = path
    root = try JSON(text, path: path)
    guard case .object = root.value else { throw ConfigurationError("\(path): expected an object, in braces") }
  }

  /// The configuration of one machine.
  /// - Parameters:
  ///   - authentication: the members of `agent.authentication`; what else the template has there is left out, but how to sign in.
  /// - Throws: `ConfigurationError` if the machine could not work with it.
  func configuration(_ id: String, region: String, authentication: [(key: String, value: JSON.Value)]) throws -> [UInt8] {
    guard let instance = instance(id) else { throw ConfigurationError(Self.complaint(id) ?? "'\(id)' is no id") }
    var json = root
    json.insert(.text(instance.prefix), at: ["agent", "instance", "prefix"])
    json.insert(.text(instance.serial), at: ["agent", "instance", "serial"])
    json.insert(.text(region), at: ["agent", "region"])
    json.insert(.object([]), at: ["agent", "authentication"])
    for (key, value) in authentication { json.insert(value, at: ["agent", "authentication", key[...]]) }
    if authentication.contains(where: { $0.key == "password" }), let flow = root["agent"]?.value["authentication"]?.value["authFlow"] {
      json.insert(flow.value.value, at: ["agent", "authentication", "authFlow"])
    }
    let file = ConfigurationFile(path: path, root: json)
    if let first = file.errors.first { throw ConfigurationError(file.line(first)) }
    guard try file.configuration.instanceId(environment: { _ in nil }) == id else {
      throw ConfigurationError("\(path): a machine with this configuration would not have the id \(id)")
    }
    return Array("\(json.value.text)\n".utf8)
  }

  /// Why an id can not be that of a configuration; nil if it can.
  static func complaint(_ id: String) -> String? {
    if dash(in: id) != nil { return nil }
    return "'\(id)' has no dash between two parts, as the id of a machine with a configuration has (agent.instance: prefix-serial)"
  }

  // The template's own prefix may have a dash in it.
  private func instance(_ id: String) -> (prefix: String, serial: String)? {
    if case .text(let prefix)? = root["agent"]?.value["instance"]?.value["prefix"]?.value.value, !prefix.isEmpty,
      id.hasPrefix("\(prefix)-"), id.count > prefix.count + 1
    {
      return (prefix, String(id.dropFirst(prefix.count + 1)))
    }
    return Self.dash(in: id).map { (String(id[..<$0]), String(id[id.index(after: $0)...])) }
  }

  // The first that has something on both sides.
  private static func dash(in id: String) -> String.Index? {
    guard let last = id.indices.last else { return nil }
    return id.indices.first { id[$0] == "-" && $0 != id.startIndex && $0 != last }
  }
}
