internal import Unix

/// What is said of log events, their groups and their streams.
extension ValueType {
  /// CreateLogGroup, parameter logGroupName.
  static let groupTemplate = ValueType(
    name: "text",
    expectation: "1 to 512 letters, digits and . - _ / # in quotes, not beginning with aws/, with {instance_id} where the instance id goes",
    isTemplate: true, reason: NameTemplate.validationError
  ) {
    $0.isText {
      NameTemplate.validationError($0) == nil && NameRules.isGroupName(NameTemplate.expand($0) { _ in "x" })
    }
  }

  /// CreateLogStream, parameter logStreamName.
  static let streamTemplate = ValueType(
    name: "text", expectation: "1 to 512 characters in quotes, no colon, no star and no control character", isTemplate: true,
    reason: NameTemplate.validationError
  ) {
    $0.isText { NameTemplate.validationError($0) == nil && NameRules.isStreamName($0) }
  }

  /// CreateLogGroup, parameter kmsKeyId.
  static let kmsKey = text(
    "the ARN of a KMS key, such as arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  ) { text in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return text.consists(of: alphanumeric + ":/_-", 1...256) && parts.count == 6 && parts[0] == "arn" && parts[2] == "kms"
  }

  /// CreateLogGroup, parameter tags; aws: is kept for AWS ("Tag", Tagging API Reference).
  static let tags = ValueType(
    name: "object",
    expectation: "an object of up to 50 texts, names of 1 to 128 and values of up to 256 characters, letters, digits, "
      + "spaces and _ . : / = + - @, no name beginning with aws:"
  ) {
    guard case .object(let members) = $0, members.count <= 50 else { return false }
    func isValid(_ text: String, _ count: ClosedRange<Int>) -> Bool {
      count.contains(text.unicodeScalars.count)
        && text.unicodeScalars.allSatisfy { scalar in
          switch scalar.properties.generalCategory {
          case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spaceSeparator, .lineSeparator,
            .paragraphSeparator, .decimalNumber, .letterNumber, .otherNumber:
            true
          default: "_.:/=+-@".unicodeScalars.contains(scalar)
          }
        }
    }
    return members.allSatisfy { member in
      isValid(member.key, 1...128) && !member.key.lowercased().hasPrefix("aws:") && member.value.value.isText { isValid($0, 0...256) }
    }
  }

  static func choice<Choice: NamedChoice>(_ type: Choice.Type) -> ValueType {
    ValueType(name: "text", expectation: Choice.allCases.map(\.rawValue).joined(separator: " or ") + " in quotes") { Choice($0) != nil }
  }

  /// What stands for a part of a timestamp: what the CloudWatch agent knows, and more of strftime(3).
  static let timestampConversions = [
    "%Y", "%y", "%m", "%-m", "%B", "%b", "%d", "%-d", "%A", "%a", "%H", "%-H", "%I", "%-I", "%p", "%M", "%-M", "%S", "%-S", "%f", "%Z",
    "%z", "%F", "%T", "%D", "%R", "%e", "%k", "%l", "%j", "%G", "%V", "%u", "%s", "%%",
  ]

  static let timestampFormat = text(
    "text in quotes with some of \(timestampConversions.joined(separator: " "))", reason: { unknownConversion($0) }
  ) {
    conversions(of: $0).contains { $0 != "%%" } && unknownConversion($0) == nil && text.accepts(.text($0))
  }

  private static func unknownConversion(_ format: String) -> String? {
    conversions(of: format).first { !timestampConversions.contains($0) }.map {
      "\(quoted($0)) stands for no part of a timestamp; there are \(timestampConversions.joined(separator: " "))"
    }
  }

  private static func conversions(of format: String) -> [String] {
    var conversions: [String] = []
    var rest = format[...]
    while let start = rest.firstIndex(of: "%") {
      let conversion = rest[start...].prefix(rest[start...].hasPrefix("%-") ? 3 : 2)
      conversions.append(String(conversion))
      rest = rest[conversion.endIndex...]
    }
    return conversions
  }

  /// iconv(3) has more to a name, such as //IGNORE, which would lose characters.
  static let encoding = text(
    "the name of a character encoding that this system knows (iconv -l lists them), such as utf-8 or iso-8859-1"
  ) { name in
    guard name.consists(of: alphanumeric + "_-.:+()", 1...64) else { return false }
    guard let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1 else { return false }
    iconv_close(converter)
    return true
  }

  static let pattern = ValueType(name: "pattern", expectation: "a pattern in quotes", isPattern: true) { $0.isText { _ in true } }

  /// The CloudWatch agent's limit.
  static let units = ValueType(name: "list", expectation: "a list of systemd units in quotes, each of up to 256 characters") {
    guard case .list(let elements) = $0 else { return false }
    return elements.allSatisfy { text.accepts($0.value) && $0.value.isText { $0.utf8.count <= 256 && !$0.hasPrefix("-") } }
  }

  static let priority = ValueType(
    name: "text", expectation: "one of \(JournalSelection.Priority.allCases.map(\.rawValue).joined(separator: ", ")), or 0 to 7"
  ) { JournalSelection.Priority($0) != nil }

  /// What `LogNamespace=` takes (systemd.exec(5)); `*` and `+NAME`, which journalctl(1) takes besides, are several journals at once.
  static let journalNamespace = text(
    "the name of one journal namespace, such as the \"mail\" of LogNamespace=mail; list each in an element of its own"
  ) { $0.consists(of: alphanumeric + "_-.:@\\", 1...200) && $0 != "." && $0 != ".." }

  /// The fields' names as systemd.journal-fields(7) has them.
  static let matches = ValueType(
    name: "list", expectation: "a list of objects that name fields of the journal and their values, such as {\"_UID\": \"0\"}"
  ) {
    guard case .list(let elements) = $0 else { return false }
    return elements.allSatisfy { element in
      guard case .object(let members) = element.value, !members.isEmpty else { return false }
      return members.allSatisfy { member in
        member.key.consists(of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", 1...64) && text.accepts(member.value.value)
      }
    }
  }
}
