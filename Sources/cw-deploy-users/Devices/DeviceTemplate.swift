internal import Config
internal import Unix

/// A configuration from which each machine's own is made: with its id and its way to sign in, and the rest unchanged.
extension ConfigurationTemplate {
  init(_ path: String) throws {
    let advice = "give the configuration that all machines have in common as --template"
    try self.init(translating({ ConfigurationError("\($0.message); \(advice)") }) { try TextFile.read(path) }, path: path)
  }

  /// The configuration of one machine.
  /// - Parameters:
  ///   - authentication: the members of `agent.authentication`; of the template's only `authFlow` is kept.
  /// - Throws: `ConfigurationError` if the configuration would not work.
  func configuration(_ id: String, region: String, authentication: [(key: String, value: JSON.Value)]) throws -> [UInt8] {
    var machine = self
    try machine.identify(id)
    try machine.set("agent.region", to: .text(region))
    try machine.set("agent.authentication", to: .object([]))
    for (key, value) in authentication { try machine.set("agent.authentication.\(key)", to: value) }
    if authentication.contains(where: { $0.key == "password" }), let flow = self["agent.authentication.authFlow"] {
      try machine.set("agent.authentication.authFlow", to: flow)
    }
    if case .text(let namespace)? = self["metrics.namespace"], namespace.contains("{instance_id}") {
      try machine.set("metrics.namespace", to: .text(namespace.replacing("{instance_id}", with: id)))
    }
    try machine.check()
    return Array(machine.text.utf8)
  }
}
