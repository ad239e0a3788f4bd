/// What a key of the configuration can hold.
protocol JSONStorable: Sendable {
  /// Nil if the value is of another kind.
  init?(_ json: JSON.Value)
  /// Nil: the key is not set.
  var json: JSON.Value? { get }
}

extension String: JSONStorable {
  init?(_ json: JSON.Value) {
    switch json {
    case .text(let text): self = text
    // The original's `'{}'.format(serial)` took a number too.
    case .number: self = json.word
    default: return nil
    }
  }

  var json: JSON.Value? { .text(self) }
}

extension Double: JSONStorable {
  init?(_ json: JSON.Value) {
    guard case .number(let number) = json else { return nil }
    self = number
  }

  var json: JSON.Value? { .number(self) }
}

extension Int: JSONStorable {
  init?(_ json: JSON.Value) {
    guard case .number(let number) = json, let whole = Int(exactly: number) else { return nil }
    self = whole
  }

  var json: JSON.Value? { .number(Double(self)) }
}

extension Bool: JSONStorable {
  init?(_ json: JSON.Value) {
    guard case .boolean(let truth) = json else { return nil }
    self = truth
  }

  var json: JSON.Value? { .boolean(self) }
}

extension [String]: JSONStorable {
  /// One text is a list of one.
  init?(_ json: JSON.Value) {
    guard case .list(let elements) = json else {
      guard case .text(let text) = json else { return nil }
      self = [text]
      return
    }
    self = elements.compactMap { String($0.value) }
  }

  var json: JSON.Value? { .list(map { JSON(.text($0)) }) }
}

extension Optional: JSONStorable where Wrapped: JSONStorable {
  init?(_ json: JSON.Value) {
    guard let wrapped = Wrapped(json) else { return nil }
    self = wrapped
  }

  var json: JSON.Value? { flatMap(\.json) }
}
