package import AWS
package import Unix

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
package enum EnvironmentCredentials {
  /// Nil if the environment names no key.
  /// - Throws: if it names half of one, which is a mistake and no reason to look elsewhere.
  package static func find(_ environment: Environment) throws -> AWSCredentials? {
    guard let accessKeyId = environment("AWS_ACCESS_KEY_ID") else { return nil }
    guard let secret = environment("AWS_SECRET_ACCESS_KEY") else {
      throw CredentialsError("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not; set both or neither")
    }
    let token = environment("AWS_SESSION_TOKEN") ?? environment("AWS_SECURITY_TOKEN")
    return AWSCredentials(accessKeyId: accessKeyId, secretAccessKey: secret, sessionToken: token)
  }
}
