/// Where events go.
package struct Destination: Hashable {
  package var group: String
  package var stream: String

  package init(group: String, stream: String) {
    self.group = group
    self.stream = stream
  }

  // The service compares bytes, where Swift takes two spellings of one character (\u{E9} and e\u{301}) for equal.
  package static func == (left: Destination, right: Destination) -> Bool {
    left.group.utf8.elementsEqual(right.group.utf8) && left.stream.utf8.elementsEqual(right.stream.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in group.utf8 { hasher.combine(byte) }
    for byte in stream.utf8 { hasher.combine(byte) }
  }
}
