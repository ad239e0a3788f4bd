extension Configuration.GroupSettings {
  /// Nil: left as it is.
  package var retention: Int? { retentionInDays.flatMap { $0 > 0 ? $0 : nil } }

  /// Takes over what is not set here; a retention of -1 counts as not set.
  /// - Returns: the names of the keys that are set to different values in both.
  package mutating func merge(_ other: Self) -> [String] {
    func value(_ key: Key<Self>, of settings: Self) -> JSON.Value? {
      let value = key.get(settings)
      return value == .number(-1) ? nil : value
    }
    var differing: [String] = []
    for key in Schema.group {
      guard let new = value(key, of: other) else { continue }
      if let old = value(key, of: self), old != new {
        differing.append(key.path)
      } else {
        key.set(&self, new)
      }
    }
    return differing
  }
}
