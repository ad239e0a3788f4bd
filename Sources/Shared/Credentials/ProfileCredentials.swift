package import AWS

/// Static keys in a profile of the shared files.
package enum ProfileCredentials {
  /// Nil if the profile holds no key.
  /// - Throws: if it holds half of one.
  package static func find(_ profile: SharedConfig.Section, name: String) throws -> AWSCredentials? {
    guard let accessKeyId = profile["aws_access_key_id"] else { return nil }
    guard let secret = profile["aws_secret_access_key"] else {
      throw CredentialsError("profile '\(name)' has aws_access_key_id without aws_secret_access_key")
    }
    let token = profile["aws_session_token"] ?? profile["aws_security_token"]
    return AWSCredentials(accessKeyId: accessKeyId, secretAccessKey: secret, sessionToken: token)
  }
}
