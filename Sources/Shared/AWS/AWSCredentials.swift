/// Keys to sign with.
package struct AWSCredentials: Equatable {
  package var accessKeyId: String
  package var secretAccessKey: String
  /// Of temporary credentials.
  package var sessionToken: String?
  /// Milliseconds since the epoch by the service's clock; nil: they do not end.
  package var expiration: Int64?
  package var accountId: String?

  package init(
    accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Int64? = nil, accountId: String? = nil
  ) {
    self.accessKeyId = accessKeyId
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
    self.accountId = accountId
  }
}

// A secret is not printed, not even by accident.
extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "credentials \(accessKeyId)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["accessKeyId": accessKeyId]) }
}

/// Where a client gets credentials.
package protocol CredentialsProvider: AnyObject {
  /// Credentials that are good now.
  /// - Throws: a `Failure` that says which source failed and how.
  func credentials() throws -> AWSCredentials

  /// The service has refused them: what is kept must not be given out again.
  func invalidate()
}
