/// The names, and the numbers, that CloudWatch and CloudWatch Logs take.
package enum NameRules {
  /// Days that a log group may keep its events ("PutRetentionPolicy", API Reference).
  package static let retentionDays = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]

  /// `1, 3, 5, …`, for messages.
  package static var retentionDaysText: String { retentionDays.map(String.init).joined(separator: ", ") }

  /// Whether CloudWatch takes the name for a namespace of our own ("PutMetricData", API Reference).
  package static func isNamespace(_ name: String) -> Bool { isMetricText(name, 255) && !name.hasPrefix(":") && !name.hasPrefix("AWS/") }

  /// Whether CloudWatch takes the text for a metric's name, a dimension's name or its value: printable ASCII, and not only spaces.
  /// - Parameter limit: the most bytes.
  package static func isMetricText(_ text: String, _ limit: Int) -> Bool {
    (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.contains { $0 != 0x20 }
  }

  /// Whether CloudWatch Logs takes the name for a group ("CreateLogGroup", API Reference).
  package static func isGroupName(_ name: String) -> Bool {
    (1...512).contains(name.utf8.count) && !name.hasPrefix("aws/") && name.unicodeScalars.allSatisfy(isValidInGroup)
  }

  private static func isValidInGroup(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) || ".-_/#".unicodeScalars.contains(scalar)
  }

  /// A text as part of a group's name: what the service does not take there becomes `_`.
  static func groupName(_ text: String) -> String {
    var name = String.UnicodeScalarView()
    name.append(contentsOf: text.unicodeScalars.lazy.map { isValidInGroup($0) ? $0 : "_" })
    return String(name)
  }

  /// Whether CloudWatch Logs takes the name for a stream ("CreateLogStream", API Reference).
  package static func isStreamName(_ name: String) -> Bool {
    !name.isEmpty && name.unicodeScalars.count <= 512 && name.unicodeScalars.allSatisfy(isValidInStream)
  }

  static func isValidInStream(_ scalar: Unicode.Scalar) -> Bool {
    scalar != ":" && scalar != "*" && scalar.properties.generalCategory != .control
  }

  /// A stream name made of a path: what the service does not take becomes `_`, and of a long one the end is kept.
  static func streamName(_ path: String) -> String {
    var name = String.UnicodeScalarView()
    name.append(contentsOf: path.unicodeScalars.map { isValidInStream($0) ? $0 : "_" }.suffix(512))
    return name.isEmpty ? "_" : String(name)
  }
}
