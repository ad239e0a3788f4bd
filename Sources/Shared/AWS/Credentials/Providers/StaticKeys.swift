internal import Unix

/// Keys in a profile.
struct StaticKeys: CredentialsProvider {
  private let credentials: AWSCredentials
  let name: String

  static func findInCredentialsFile(_ context: CredentialsContext) throws -> LookupResult {
    try find(context.shared.credentialsProfiles[context.profileName], "the credentials file", context)
  }

  static func findInConfigFile(_ context: CredentialsContext) throws -> LookupResult {
    try find(context.shared.configProfiles[context.profileName], "the config file", context)
  }

  /// - Throws: `CredentialsError` if there is half of a key.
  private static func find(_ profile: SharedConfig.Section?, _ file: String, _ context: CredentialsContext) throws -> LookupResult {
    let name = context.profileName
    // An empty value counts as absent.
    guard let profile = profile?.filter({ !$0.value.isEmpty }) else { return .nothing("\(file) has no profile '\(name)'") }
    guard let accessKeyId = profile["aws_access_key_id"] else { return .nothing("profile '\(name)' in \(file) has no aws_access_key_id") }
    guard let secret = profile["aws_secret_access_key"] else {
      throw CredentialsError("profile '\(name)' has aws_access_key_id without aws_secret_access_key", status: .badConfiguration)
    }
    let credentials = AWSCredentials(
      accessKeyId: accessKeyId, secretAccessKey: secret, sessionToken: profile["aws_session_token"] ?? profile["aws_security_token"],
      accountId: profile["aws_account_id"])
    return .provider(StaticKeys(credentials: credentials, name: "the keys of profile '\(name)' in \(file)"))
  }

  func retrieve(_ memory: inout [String: String]) -> AWSCredentials { credentials }
}
