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

  /// Whether CloudWatch Logs takes the name for a group ("CreateLogGroup", API Reference).
  package static func isGroupName(_ name: String) -> Bool {
    (1...512).contains(name.utf8.count) && !name.hasPrefix("aws/") && name.unicodeScalars.allSatisfy(isGoodInGroup)
  }

  private static func isGoodInGroup(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) || ".-_/#".unicodeScalars.contains(scalar)
  }

  /// A text as part of a group's name: what the service does not take there becomes `_`.
  package static func groupName(_ text: String) -> String {
    var name = String.UnicodeScalarView()
    name.append(contentsOf: text.unicodeScalars.lazy.map { isGoodInGroup($0) ? $0 : "_" })
    return String(name)
  }

  /// Whether CloudWatch Logs takes the name for a stream ("CreateLogStream", API Reference).
  package static func isStreamName(_ name: String) -> Bool {
    !name.isEmpty && name.unicodeScalars.count <= 512 && name.unicodeScalars.allSatisfy(isGoodInStream)
  }

  static func isGoodInStream(_ scalar: Unicode.Scalar) -> Bool {
    scalar != ":" && scalar != "*" && scalar.properties.generalCategory != .control
  }

  /// A stream name made of a path: what the service does not take becomes `_`, and of a long one the end is kept.
  package static func streamName(_ path: String) -> String {
    var name = String.UnicodeScalarView()
    name.append(contentsOf: path.unicodeScalars.map { isGoodInStream($0) ? $0 : "_" }.suffix(512))
    return name.isEmpty ? "_" : String(name)
  }
}
