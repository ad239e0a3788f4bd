internal import Config
internal import Unix

/// What a `credential_process` prints (AWS SDKs and Tools Reference Guide, "Process credential provider").
enum ProcessAnswer {
  /// The credentials in the output of a program.
  /// - Parameters:
  ///   - name: the provider's name for messages, which show nothing of the output.
  ///   - now: milliseconds since the epoch.
  static func credentials(_ output: [UInt8], from name: String, now: Int64) throws -> AWSCredentials {
    func unusable(_ what: String) -> CredentialsError { CredentialsError("\(name) printed \(what)") }
    guard let answer = JSON(parsing: output), case .object = answer.value else {
      throw unusable("no JSON object, or something besides it on standard output")
    }
    func text(_ name: String) -> String? { answer.string(name).flatMap { $0.isEmpty ? nil : $0 } }
    guard answer.number("Version") == 1 else { throw unusable("an answer without \"Version\": 1, which is all that is known") }
    guard let accessKeyId = text("AccessKeyId"), let secretAccessKey = text("SecretAccessKey") else {
      let missing = ["AccessKeyId", "SecretAccessKey"].filter { text($0) == nil }
      throw unusable("an answer without \(missing.joined(separator: " and "))")
    }
    let expiration = answer.string("Expiration").flatMap(DateTime.milliseconds(iso8601:))
    guard expiration != nil || answer.at("Expiration") == nil else {
      throw unusable("an Expiration that is no moment such as 2026-01-05T04:04:05Z")
    }
    if let expiration, expiration <= now {
      // The program may have a cache that is renewed in a moment.
      throw CredentialsError(
        "\(name) printed credentials that ended on \(DateTime(milliseconds: expiration).iso8601); is the clock right?", .unavailable)
    }
    return AWSCredentials(
      accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: text("SessionToken"), expiration: expiration,
      accountId: text("AccountId"))
  }
}
