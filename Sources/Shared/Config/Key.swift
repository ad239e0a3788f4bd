/// A key of the configuration file, and the place in the values where it is kept.
struct Key<Root>: Sendable {
  /// From the root of the file, dotted; `[]` stands behind the name of a list for each of its elements.
  let path: String
  let type: ValueType
  /// One line for a person.
  let meaning: String
  let get: @Sendable (Root) -> JSON.Value?
  let set: @Sendable (inout Root, JSON.Value) -> Void

  init<Stored: JSONStorable>(
    _ path: String, _ type: ValueType, _ location: any WritableKeyPath<Root, Stored> & Sendable, _ meaning: String
  ) {
    self.path = path
    self.type = type
    self.meaning = meaning
    get = { $0[keyPath: location].json }
    set = { root, value in
      if let stored = Stored(value) { root[keyPath: location] = stored }
    }
  }

  private init(
    path: String, type: ValueType, meaning: String, get: @escaping @Sendable (Root) -> JSON.Value?,
    set: @escaping @Sendable (inout Root, JSON.Value) -> Void
  ) {
    self.path = path
    self.type = type
    self.meaning = meaning
    self.get = get
    self.set = set
  }

  /// The same key of something that stands in something else, with `prefix` before its path.
  func within<Outer>(_ prefix: String, _ location: any WritableKeyPath<Outer, Root> & Sendable) -> Key<Outer> {
    Key<Outer>(
      path: prefix + path, type: type, meaning: meaning, get: { [get] in get($0[keyPath: location]) },
      set: { [set] in set(&$0[keyPath: location], $1) })
  }
}
