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
    let files = logs.files.map { file -> JSON in
      var element = JSON(.object([]))
      for key in Schema.file {
        guard let value = key.get(file), let name = key.path.split(separator: ".").last else { continue }
        element.insert(value, at: [name])
      }
      return element
    }
    root.insert(.list(files), at: Schema.collectList.split(separator: ".")[...])
    return root
  }
}
