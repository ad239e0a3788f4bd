internal import Unix

/// Security Token Service (API version 2011-06-15).
package enum STS {
  package static let service = Service(
    hostPrefix: "sts", signingName: "sts", wireProtocol: .query(version: "2011-06-15"), endpointIdentifier: "STS")

  /// Asks for the identity of the caller; this needs no permission.
  package static func getCallerIdentity() -> AWSRequest { AWSRequest(service: service, operation: "GetCallerIdentity", members: []) }

  package struct CallerIdentity: Equatable {
    package let account: String
    package let arn: String
    package let userId: String
  }

  /// The identity in a response to GetCallerIdentity; nil: there is none.
  package static func callerIdentity(_ response: AWSResponse) -> CallerIdentity? {
    guard let result = XMLElement(response.body)?["GetCallerIdentityResult"], let account = result["Account"]?.text,
      let arn = result["Arn"]?.text
    else { return nil }
    return CallerIdentity(account: account, arn: arn, userId: result["UserId"]?.text ?? "")
  }

  /// - Parameters:
  ///   - durationSeconds: 900 to 43,200, at most what the role allows; nil: an hour.
  static func assumeRole(_ arn: String, sessionName: String, externalId: String?, durationSeconds: Int?) -> AWSRequest {
    var members = [("RoleArn", arn), ("RoleSessionName", sessionName)]
    if let externalId { members.append(("ExternalId", externalId)) }
    if let durationSeconds { members.append(("DurationSeconds", String(durationSeconds))) }
    return AWSRequest(service: service, operation: "AssumeRole", members: members)
  }

  static func assumeRoleWithWebIdentity(_ arn: String, sessionName: String, token: String) -> AWSRequest {
    let members = [("RoleArn", arn), ("RoleSessionName", sessionName), ("WebIdentityToken", token)]
    return AWSRequest(service: service, operation: "AssumeRoleWithWebIdentity", members: members).unsigned
  }

  /// The credentials in a response to AssumeRole or AssumeRoleWithWebIdentity; nil: there are none.
  package static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    guard let result = XMLElement(response.body)?.children.first(where: { $0.name.hasSuffix("Result") }),
      let keys = result["Credentials"]
    else { return nil }
    // arn:aws:sts::123456789012:assumed-role/…
    let parts = result.at("AssumedRoleUser", "Arn")?.text.split(separator: ":", omittingEmptySubsequences: false) ?? []
    return AWSCredentials(
      temporary: keys["AccessKeyId"]?.text, keys["SecretAccessKey"]?.text, keys["SessionToken"]?.text,
      expiration: keys["Expiration"].flatMap { DateTime.milliseconds(iso8601: $0.text) },
      accountId: parts.count > 4 ? String(parts[4]) : nil)
  }
}
