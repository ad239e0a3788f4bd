/// A key of the configuration file, and the property that keeps its value.
struct Key<Root>: Sendable {
  /// From the root of the file, dotted; `[]` stands behind the name of a list for each of its elements.
  let path: String
  let type: ValueType
  /// One line for a person.
  let meaning: String
  let get: @Sendable (Root) -> JSON.Value?
  let set: @Sendable (inout Root, JSON.Value) -> Void
}

extension Key {
  init<Stored: JSONStorable>(
    _ path: String, _ type: ValueType, _ location: any WritableKeyPath<Root, Stored> & Sendable, _ meaning: String
  ) {
    self.init(
      path: path, type: type, meaning: meaning, get: { $0[keyPath: location].json },
      set: { root, value in if let stored = Stored(value) { root[keyPath: location] = stored } })
  }

  /// The same key of something that stands in something else, with `prefix` before its path.
  func within<Outer>(_ prefix: String, _ location: any WritableKeyPath<Outer, Root> & Sendable) -> Key<Outer> {
    Key<Outer>(
      path: prefix + path, type: type, meaning: meaning, get: { [get] in get($0[keyPath: location]) },
      set: { [set] in set(&$0[keyPath: location], $1) })
  }
}
