/// A configuration from which others are made: keys set, keys taken out, the rest as it stands.
package struct ConfigurationTemplate {
  private let path: String
  private var root: JSON

  /// Reads a template.
  /// - Parameter path: of the file, for messages.
  /// - Throws: `ConfigurationError` if it is no JSON object.
  package init(_ text: [UInt8], path: String) throws {
    self.path = path
    root = try JSON(text, path: path)
    guard case .object = root.value else { throw ConfigurationError("\(path): expected an object, in braces") }
  }

  /// The value of a dotted key, as it is written.
  package subscript(key: String) -> JSON.Value? {
    var json: JSON? = root
    for name in key.split(separator: ".") { json = json?[String(name)]?.value }
    return json?.value
  }

  /// Whether a key of this name stands anywhere in it.
  package func mentions(_ key: String) -> Bool { root.mentions { $0 == key } }

  /// Sets a dotted key in its place, or behind its neighbours; objects on the way to it are made where they are missing.
  /// - Throws: `ConfigurationError` if another value is in the way.
  package mutating func set(_ key: String, to value: JSON.Value) throws {
    let names = key.split(separator: ".")
    var location = JSONLocation()
    var parent = root
    for name in names.dropLast() {
      guard let member = parent[String(name)] else { break }
      location = location.member(member)
      parent = member.value
      guard case .object = parent.value else {
        let found = ValueType.text.found(parent.value)
        throw ConfigurationError("\(path):\(location.line): \(location.path): expected an object, in braces; found \(found)")
      }
    }
    root.insert(value, at: names[...])
  }

  /// Takes a dotted key out, if it is there.
  package mutating func remove(_ key: String) { root.remove(at: key.split(separator: ".")[...]) }

  /// Makes it that of one machine, and drops the command, which would have no effect any more.
  /// - Throws: `ConfigurationError` if the id has not two parts.
  package mutating func identify(_ id: String) throws {
    guard let instance = instance(id) else { throw ConfigurationError(Self.lacksDash(id)) }
    try set("agent.instance.prefix", to: .text(instance.prefix))
    try set("agent.instance.serial", to: .text(instance.serial))
    remove("agent.instance.command")
  }

  /// Why an id cannot be that of a configuration; nil if it can.
  package static func validationError(_ id: String) -> String? { dash(in: id) == nil ? lacksDash(id) : nil }

  /// Checks the configuration that it has become.
  /// - Throws: `ConfigurationError` with the first error.
  package func check() throws {
    let file = ConfigurationFile(path: path, root: root)
    if let first = file.errors.first { throw ConfigurationError(file.line(first)) }
  }

  package var text: String { root.value.text + "\n" }

  // The template's own prefix may have a dash in it.
  private func instance(_ id: String) -> (prefix: String, serial: String)? {
    if case .text(let prefix)? = self["agent.instance.prefix"], !prefix.isEmpty, id.hasPrefix("\(prefix)-"), id.count > prefix.count + 1 {
      return (prefix, String(id.dropFirst(prefix.count + 1)))
    }
    return Self.dash(in: id).map { (String(id[..<$0]), String(id[id.index(after: $0)...])) }
  }

  // The first that has something on both sides.
  private static func dash(in id: String) -> String.Index? {
    guard let last = id.indices.last else { return nil }
    return id.indices.first { id[$0] == "-" && $0 != id.startIndex && $0 != last }
  }

  private static func lacksDash(_ id: String) -> String {
    "'\(id)' has no dash between two parts, as the id of a machine with a configuration has (agent.instance: prefix-serial)"
  }
}
