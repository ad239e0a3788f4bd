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
    _ path: String, _ type: ValueType, _ place: any WritableKeyPath<Root, Stored> & Sendable, _ meaning: String
  ) {
    self.path = path
    self.type = type
    self.meaning = meaning
    get = { $0[keyPath: place].json }
    set = { root, value in
      if let stored = Stored(value) { root[keyPath: place] = stored }
    }
  }
}
