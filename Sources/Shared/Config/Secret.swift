/// A text that is never printed, not even by accident.
package struct Secret: Equatable, Sendable {
  package let text: String

  /// Hides a text.
  package init(_ text: String) { self.text = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "(hidden)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Secret: JSONStorable {
  /// Nil if the value is no text.
  package init?(_ json: JSON.Value) {
    guard let text = String(json) else { return nil }
    self.init(text)
  }

  package var json: JSON.Value? { text.json }
}
