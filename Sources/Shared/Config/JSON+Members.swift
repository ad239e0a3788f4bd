extension JSON {
  private func at(_ path: [String]) -> JSON? { path.reduce(Optional(self)) { json, name in json?[name]?.value } }

  /// The value at the end of a path of names; nil: there is none, or it is `null`.
  package func at(_ path: String...) -> JSON? { at(path) }

  /// The text at the end of a path of names; nil: there is none.
  package func string(_ path: String...) -> String? { if case .text(let text)? = at(path)?.value { text } else { nil } }

  /// The number at the end of a path of names; nil: there is none.
  package func number(_ path: String...) -> Double? { if case .number(let number)? = at(path)?.value { number.value } else { nil } }

  /// The list at the end of a path of names; nil: there is none.
  package func elements(_ path: String...) -> [JSON]? { if case .list(let elements)? = at(path)?.value { elements } else { nil } }
}

extension JSON.Value: ExpressibleByDictionaryLiteral {
  /// An object with these members; those without a value are left out.
  package init(dictionaryLiteral members: (String, any JSONStorable)...) {
    self = .object(members.compactMap { name, value in value.json.map { JSON.Member(name, $0) } })
  }

  /// An object of texts, in the order of their names.
  package init(texts: [String: String]) {
    self = .object(texts.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .text($0.value)) })
  }

  /// The texts of an object; nil if the value is none, or has other members.
  package var texts: [String: String]? {
    guard case .object(let members) = self else { return nil }
    var texts: [String: String] = [:]
    for member in members {
      guard case .text(let text) = member.value.value else { return nil }
      texts[member.key] = text
    }
    return texts
  }
}

extension JSON.Member {
  /// A member that was not read from a file.
  init(_ key: String, _ value: JSON.Value) { self.init(key: key, line: 0, value: JSON(value)) }
}
