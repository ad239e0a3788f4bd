package import AWS

/// Static keys in a profile of the shared files.
package enum ProfileCredentials {
  /// Keys that ask for a source which this version does not have. The first comes before static keys in AWS's order, the
  /// others after them.
  private static let unsupported = [
    "role_arn", "sso_session", "sso_start_url", "login_session", "credential_process", "web_identity_token_file",
  ]

  /// Nil if the profile holds no key.
  /// - Throws: if it holds half of one, or asks for another source: to take somebody else's place would be worse than none.
  package static func find(_ profile: SharedConfig.Section, name: String) throws -> AWSCredentials? {
    let hasKey = profile["aws_access_key_id"] != nil
    if let key = unsupported.first(where: { profile[$0] != nil && ($0 == "role_arn" || !hasKey) }) {
      throw CredentialsError("profile '\(name)' gets its credentials by \(key), which this version does not support yet")
    }
    guard let accessKeyId = profile["aws_access_key_id"] else { return nil }
    guard let secret = profile["aws_secret_access_key"] else {
      throw CredentialsError("profile '\(name)' has aws_access_key_id without aws_secret_access_key")
    }
    let token = profile["aws_session_token"] ?? profile["aws_security_token"]
    return AWSCredentials(accessKeyId: accessKeyId, secretAccessKey: secret, sessionToken: token)
  }
}
