extension Configuration {
  /// The configuration as the JSON that would mean it, every default written out, the password hidden.
  package var effective: JSON {
    var root = JSON(.object([]))
    func insert<Root>(_ keys: [Key<Root>], of values: Root) {
      for key in keys {
        guard let value = key.get(values) else { continue }
        root.insert(key.type.isSecret ? .text("(hidden)") : value, at: key.path.split(separator: ".")[...])
      }
    }
    insert(Schema.configuration, of: self)
    if let authentication = agent.authentication { insert(Schema.authentication, of: AuthenticationDraft(authentication)) }
    func element<Root>(_ keys: [Key<Root>], of values: Root, _ filters: [EventFilter]) -> JSON {
      var element = JSON(.object([]))
      for key in keys {
        guard let value = key.get(values), let name = key.path.split(separator: ".").last else { continue }
        element.insert(value, at: [name])
      }
      if let filters = list(filters) { element.insert(filters, at: ["filters"]) }
      return element
    }
    func list(_ filters: [EventFilter]) -> JSON.Value? {
      filters.isEmpty ? nil : .list(filters.map { element(Schema.filter, of: $0, []) })
    }
    func insert(_ value: JSON.Value, at path: String) { root.insert(value, at: path.split(separator: ".")[...]) }
    for settings in metrics.collected ?? [] {
      guard let plugin = PluginCatalogue.plugin(settings.name) else { continue }
      let path = "\(Schema.pluginsSection).\(plugin.name)"
      let section = element(Schema.keys(of: plugin), of: settings, [])
      let others = (metrics.collected ?? []).filter { $0.name == plugin.name }
      insert(plugin.isList ? .list(others.map { element(Schema.keys(of: plugin), of: $0, []) }) : section.value, at: path)
    }
    if metrics.collected == [] { insert(.object([]), at: Schema.pluginsSection) }
    if let filters = list(logs.journal.settings.filters) { insert(filters, at: "\(Schema.journal).filters") }
    insert(.list(logs.files.map { element(Schema.file, of: $0, $0.settings.filters) }), at: Schema.collectList)
    insert(.list(logs.journald.map { element(Schema.journaldSelection, of: $0, $0.settings.filters) }), at: Schema.journaldList)
    return root
  }
}
