internal import Unix

/// What values a key takes, and how that is said to a person.
package struct ValueType: Sendable {
  /// One word, for manuals.
  package let name: String
  /// Completes "expected ...".
  let expectation: String
  /// Never quoted in a message.
  package var isSecret = false
  /// Whether it is a name with placeholders.
  var isTemplate = false
  /// Whether it is a pattern, or a list of patterns.
  var isPattern = false
  /// Why a text is not accepted, where that can be said better than by what is expected.
  var reason: @Sendable (String) -> String? = { _ in nil }
  let accepts: @Sendable (JSON.Value) -> Bool

  /// What is wrong with a value; nil if nothing is.
  /// - Parameter quotes: whether it may be shown; not where a password may stand under a wrong key.
  package func validationError(_ value: JSON.Value, quotes: Bool = true) -> String? {
    if accepts(value) { return nil }
    if case .text(let text) = value, let reason = reason(text) { return reason }
    return "expected \(expectation); found \(found(value, quotes: quotes))"
  }

  /// The value that is meant by what was typed without quotes: a list or object as JSON, text as it is, else as JSON again.
  /// Nil: none that is accepted.
  package func value(typed text: String) -> JSON.Value? {
    let json = try? JSONParser.parse(Array(text.utf8)).value
    var candidates = [JSON.Value.text(text), json ?? .null]
    // First: where a path and a list of paths are accepted, a path does not look like a list.
    switch json {
    case .list?, .object?: candidates.reverse()
    default: break
    }
    return candidates.first(where: accepts)
  }
}

extension ValueType {
  /// A text that is valid.
  static func text(
    _ expectation: String, isSecret: Bool = false, reason: @escaping @Sendable (String) -> String? = { _ in nil },
    isValid: @escaping @Sendable (String) -> Bool
  ) -> ValueType {
    ValueType(name: "text", expectation: expectation, isSecret: isSecret, reason: reason) { $0.isText(isValid) }
  }

  static let boolean = ValueType(name: "boolean", expectation: "true or false") { Bool($0) != nil }

  static let text = text("text in quotes that is not empty, without control characters") {
    !$0.isEmpty && !$0.utf8.contains { $0 < 0x20 || $0 == 0x7F }
  }

  /// The same as a pattern, which is compiled by those that use it.
  static let patternText = ValueType(name: "text", expectation: text.expectation, isPattern: true, accepts: text.accepts)

  /// The CloudWatch agent's upper bound (two days) keeps every later arithmetic small.
  static let seconds = ValueType(name: "seconds", expectation: "a number of seconds above 0 and at most 172800") {
    Double($0).map { $0 > 0 && $0 <= 172_800 } ?? false
  }

  /// PutMetricData, parameter StorageResolution. Samples say 1 themselves where they are less than a minute apart.
  static let storageResolution = ValueType(name: "seconds", expectation: "60, which stores samples of every interval by the minute") {
    Int($0) == 60
  }

  /// PutRetentionPolicy, parameter retentionInDays.
  static let retention = ValueType(
    name: "days",
    expectation: "one of \(NameRules.retentionDaysText), the days that CloudWatch Logs offers, "
      + "or -1, which leaves a group as it is"
  ) { Int($0).map { $0 == -1 || NameRules.retentionDays.contains($0) } ?? false }

  static let prefix = text("letters, digits and . _ - in quotes", isValid: InstanceIdentity.isValid)

  /// An empty serial counts as none, as in the original.
  static let serial = ValueType(name: "text", expectation: "letters, digits and . _ - in quotes, or a whole number") {
    if case .number(let number) = $0 { return number.text.consists(of: "0123456789", 1...256) }
    return $0.isText { $0.isEmpty || InstanceIdentity.isValid($0) }
  }

  static let region = text("the name of an AWS region, such as eu-west-1") {
    $0.consists(of: "abcdefghijklmnopqrstuvwxyz0123456789-", 1...64)
  }

  /// PutMetricData, parameter Namespace, and the characters that the CloudWatch user guide lists.
  static let namespace = ValueType(
    name: "text", expectation: "1 to 255 letters, digits, spaces and . - _ / # : in quotes, not beginning with a colon or AWS/"
  ) { $0.isText { $0.consists(of: alphanumeric + ".-_/#: ", 1...255) && NameRules.isNamespace($0) } }

  static let patterns = ValueType(name: "list of patterns", expectation: "a list of patterns in quotes", isPattern: true) {
    guard case .list(let elements) = $0 else { return false }
    return elements.allSatisfy { $0.value.isText { _ in true } }
  }

  static let accountId = text("an AWS account id, 12 digits in quotes") { $0.consists(of: "0123456789", 12...12) }

  /// InitiateAuth's user pool ids are REGION_NAME; the name is part of the password proof.
  static let userPoolId = text("a Cognito user pool id, such as eu-west-1_AbCdEfGhI") { text in
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    return text.consists(of: alphanumeric + "_-", 3...55) && parts.count > 1 && parts.allSatisfy { !$0.isEmpty }
  }

  /// GetId, parameter IdentityPoolId.
  static let identityPoolId = text("a Cognito identity pool id, such as eu-west-1:01234567-89ab-cdef-0123-456789abcdef") { text in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return text.consists(of: alphanumeric + "_-:", 3...55) && parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
  }

  /// InitiateAuth, parameter ClientId.
  static let appClientId = text("the id of a Cognito app client, letters and digits in quotes") {
    $0.consists(of: alphanumeric + "_+", 1...128)
  }

  static let secret = text("text in quotes that is not empty", isSecret: true) { !$0.isEmpty }

  /// People paste it as a URL.
  static let host = text(
    "a host name, such as ID.credentials.iot.eu-west-1.amazonaws.com",
    reason: {
      hostAlone($0).isHost && isMQTT(hostAlone($0))
        ? "\(quoted($0)) is where things publish (MQTT), not the credential provider; "
          + "aws iot describe-endpoint --endpoint-type iot:CredentialProvider prints the right host" : nil
    }
  ) { hostAlone($0).isHost && !isMQTT(hostAlone($0)) }

  /// Without the scheme before it and the slash behind it.
  static func hostAlone(_ text: String) -> String {
    let rest = text.lowercased().hasPrefix("https://") ? String(text.dropFirst("https://".count)) : text
    return rest.hasSuffix("/") ? String(rest.dropLast()) : rest
  }

  // ID.iot.REGION..., ID-ats.iot.REGION..., data.iot-fips.REGION...
  private static func isMQTT(_ host: String) -> Bool {
    let labels = host.lowercased().split(separator: ".")
    guard let iot = labels.firstIndex(where: { $0 == "iot" || $0 == "iot-fips" }), iot > 0 else { return false }
    return labels[iot - 1] != "credentials"
  }

  /// CreateRoleAlias, parameter roleAlias.
  static let roleAlias = text("1 to 128 letters, digits and _ = , @ - in quotes") { $0.consists(of: alphanumeric + "_=,@-", 1...128) }

  /// CreateThing, parameter thingName.
  static let thingName = text("1 to 128 letters, digits and : _ - in quotes") { $0.consists(of: alphanumeric + ":_-", 1...128) }

  static let trustAnchorArn = arn(
    "a trust anchor", "arn:aws:rolesanywhere:eu-west-1:123456789012:trust-anchor/ID"
  ) { $0.service == "rolesanywhere" && !$0.region.isEmpty && $0.resource.hasPrefix("trust-anchor/") }

  static let profileArn = arn(
    "a profile of Roles Anywhere", "arn:aws:rolesanywhere:eu-west-1:123456789012:profile/ID"
  ) { $0.service == "rolesanywhere" && !$0.region.isEmpty && $0.resource.hasPrefix("profile/") }

  static let roleArn = arn("a role", "arn:aws:iam::123456789012:role/NAME") {
    $0.service == "iam" && $0.region.isEmpty && $0.resource.hasPrefix("role/")
  }

  private static func arn(_ what: String, _ example: String, _ isValid: @escaping @Sendable (ARN) -> Bool) -> ValueType {
    text("the ARN of \(what), such as \(example)") { ARN($0).map { isValid($0) && !$0.resource.hasSuffix("/") } ?? false }
  }

  /// CreateSession, parameter durationSeconds.
  static let sessionSeconds = ValueType(name: "seconds", expectation: "a whole number of seconds from 900 to 43200") {
    Int($0).map { (900...43200).contains($0) } ?? false
  }

  /// CreateSession, parameter roleSessionName.
  static let roleSessionName = text("2 to 64 letters, digits and _ + = , . @ - in quotes") {
    $0.consists(of: alphanumeric + "_+=,.@-", 2...64)
  }

  static let certificate = ValueType(
    name: "text or list", expectation: "the path of a file with certificate and key, or a list of two paths, certificate and key"
  ) {
    if case .list(let elements) = $0 { return (1...2).contains(elements.count) && elements.allSatisfy { text.accepts($0.value) } }
    return text.accepts($0)
  }

  static let alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
}

extension ValueType {
  /// Completes "found ...": the value if it is short and no secret, else its kind.
  func found(_ value: JSON.Value, quotes: Bool = true) -> String {
    let quotes = quotes && !isSecret
    return switch value {
    case .null, .boolean: value.word
    case .number(let number) where quotes && number.text.utf8.count <= 120: value.word
    case .number: "a number"
    case .text(let text) where quotes && text.utf8.count <= 120: quoted(text)
    case .text: "other text"
    case .list(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .object: "an object"
    }
  }
}

extension JSON.Value {
  func isText(_ isValid: (String) -> Bool) -> Bool {
    guard case .text(let text) = self else { return false }
    return isValid(text)
  }
}

extension String {
  /// Whether it is a name or address, with `:port` or without. An underscore is no letter of a host name.
  fileprivate var isHost: Bool {
    let parts = split(separator: ":", omittingEmptySubsequences: false)
    guard let name = parts.first, String(name).consists(of: ValueType.alphanumeric + ".-", 1...255) else { return false }
    return parts.count == 1 || parts.count == 2 && Int(parts[1]).map { (1...65535).contains($0) } == true
  }

  /// Whether every byte is one of `allowed`, and the number of bytes lies in `count`.
  func consists(of allowed: String, _ count: ClosedRange<Int>) -> Bool {
    count.contains(utf8.count) && utf8.allSatisfy(allowed.utf8.contains)
  }
}
