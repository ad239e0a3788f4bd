/// The log group and log stream that events go to.
package struct Destination: Hashable {
  package var group: String
  package var stream: String

  /// Names as CloudWatch Logs takes them.
  package init(group: String, stream: String) {
    self.group = group
    self.stream = stream
  }

  /// Compares bytes, as the service does, where Swift takes two spellings of one character (\u{E9} and e\u{301}) for equal.
  package static func == (left: Destination, right: Destination) -> Bool {
    left.group.utf8.elementsEqual(right.group.utf8) && left.stream.utf8.elementsEqual(right.stream.utf8)
  }

  /// Hashes bytes, as `==` compares them.
  package func hash(into hasher: inout Hasher) {
    for byte in group.utf8 { hasher.combine(byte) }
    for byte in stream.utf8 { hasher.combine(byte) }
  }
}
