/// What a key of the configuration can hold.
package protocol JSONStorable: Sendable {
  /// Nil if the value is of another kind.
  init?(_ json: JSON.Value)
  /// Nil: the key is not set.
  var json: JSON.Value? { get }
}

extension String: JSONStorable {
  /// Nil if the value is neither text nor a number.
  package init?(_ json: JSON.Value) {
    switch json {
    case .text(let text): self = text
    // The original's `'{}'.format(serial)` took a number too.
    case .number: self = json.word
    default: return nil
    }
  }

  package var json: JSON.Value? { .text(self) }
}

extension Double: JSONStorable {
  /// Nil if the value is no number.
  package init?(_ json: JSON.Value) {
    guard case .number(let number) = json else { return nil }
    self = number.value
  }

  package var json: JSON.Value? { .number(JSON.Number(self)) }
}

extension Int: JSONStorable {
  /// Nil if the value is no whole number.
  package init?(_ json: JSON.Value) {
    guard case .number(let number) = json, let whole = Int(exactly: number.value) else { return nil }
    self = whole
  }

  package var json: JSON.Value? { .number(JSON.Number(Double(self))) }
}

extension Bool: JSONStorable {
  /// Nil if the value is neither true nor false.
  package init?(_ json: JSON.Value) {
    guard case .boolean(let truth) = json else { return nil }
    self = truth
  }

  package var json: JSON.Value? { .boolean(self) }
}

extension Array: JSONStorable where Element: JSONStorable {
  /// One value is a list of one.
  package init?(_ json: JSON.Value) {
    guard case .list(let elements) = json else {
      guard let element = Element(json) else { return nil }
      self = [element]
      return
    }
    self = elements.compactMap { Element($0.value) }
  }

  package var json: JSON.Value? { .list(compactMap { $0.json.map { JSON($0) } }) }
}

extension [String: String]: JSONStorable {
  /// Nil if the value is no object.
  package init?(_ json: JSON.Value) {
    guard case .object(let members) = json else { return nil }
    self = Dictionary(
      members.compactMap { member in String(member.value.value).map { (member.key, $0) } }, uniquingKeysWith: { $1 })
  }

  package var json: JSON.Value? { isEmpty ? nil : JSON.Value(texts: self) }
}

extension JSON.Value: JSONStorable {
  /// The value itself.
  package init?(_ json: JSON.Value) { self = json }

  package var json: JSON.Value? { self }
}

extension Optional: JSONStorable where Wrapped: JSONStorable {
  /// Nil if the wrapped type does not take the value.
  package init?(_ json: JSON.Value) {
    guard let wrapped = Wrapped(json) else { return nil }
    self = wrapped
  }

  package var json: JSON.Value? { flatMap(\.json) }
}
