/// A value that is one of a few names; upper and lower case are the same.
package protocol NamedChoice: RawRepresentable, CaseIterable, Equatable, Sendable, JSONStorable where RawValue == String {}

extension NamedChoice {
  /// Nil if the value is none of the names.
  package init?(_ json: JSON.Value) {
    guard case .text(let text) = json,
      let choice = Self.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() })
    else { return nil }
    self = choice
  }

  package var json: JSON.Value? { .text(rawValue) }
}
