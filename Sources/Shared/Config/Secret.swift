/// A text that is printed by nobody, not even by accident.
package struct Secret: Equatable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "(hidden)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Secret: JSONStorable {
  package init?(_ json: JSON.Value) {
    guard let text = String(json) else { return nil }
    self.init(text)
  }

  package var json: JSON.Value? { text.json }
}
