internal import FoundationEssentials
internal import Unix

/// What a `credential_process` prints (AWS SDKs and Tools Reference Guide, "Process credential provider").
enum ProcessAnswer {
  private struct Answer: Decodable {
    private enum CodingKeys: String, CodingKey {
      case version = "Version"
      case accessKeyId = "AccessKeyId"
      case secretAccessKey = "SecretAccessKey"
      case sessionToken = "SessionToken"
      case expiration = "Expiration"
      case accountId = "AccountId"
    }

    let version: Int?
    let accessKeyId: String?
    let secretAccessKey: String?
    let sessionToken: String?
    let expiration: String?
    let accountId: String?
    let hasOtherExpiration: Bool

    // Each member is decoded alone, so that a wrong one can be named.
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      func text(_ key: CodingKeys) -> String? {
        let text = (try? container.decodeIfPresent(String.self, forKey: key)) ?? nil
        return text?.isEmpty == false ? text : nil
      }
      version = try? container.decode(Int.self, forKey: .version)
      accessKeyId = text(.accessKeyId)
      secretAccessKey = text(.secretAccessKey)
      sessionToken = text(.sessionToken)
      expiration = text(.expiration)
      accountId = text(.accountId)
      hasOtherExpiration = expiration == nil && container.contains(.expiration) && (try? container.decodeNil(forKey: .expiration)) != true
    }
  }

  /// The credentials in the output of a program.
  /// - Parameters:
  ///   - name: the provider's name for messages, which show nothing of the output.
  ///   - now: milliseconds since the epoch.
  static func credentials(_ output: [UInt8], from name: String, now: Int64) throws -> AWSCredentials {
    func unusable(_ what: String) -> CredentialsError { CredentialsError("\(name) printed \(what)") }
    guard let answer = JSONDecoder().value(Answer.self, from: output) else {
      throw unusable("no JSON object, or something besides it on standard output")
    }
    guard answer.version == 1 else { throw unusable("an answer without \"Version\": 1, which is all that is known") }
    let members = [("AccessKeyId", answer.accessKeyId), ("SecretAccessKey", answer.secretAccessKey)]
    guard let accessKeyId = answer.accessKeyId, let secretAccessKey = answer.secretAccessKey else {
      throw unusable("an answer without \(members.filter { $0.1 == nil }.map(\.0).joined(separator: " and "))")
    }
    let expiration = answer.expiration.flatMap(DateTime.milliseconds(iso8601:))
    guard expiration != nil || answer.expiration == nil && !answer.hasOtherExpiration else {
      throw unusable("an Expiration that is no moment such as 2026-01-05T04:04:05Z")
    }
    if let expiration, expiration <= now {
      // The program may have a cache that is renewed in a moment.
      throw CredentialsError(
        "\(name) printed credentials that ended on \(DateTime(milliseconds: expiration).iso8601); is the clock right?", .unavailable)
    }
    return AWSCredentials(
      accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: answer.sessionToken, expiration: expiration,
      accountId: answer.accountId)
  }
}
