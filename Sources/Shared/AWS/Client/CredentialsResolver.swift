/// What a client gets credentials from.
package protocol CredentialsResolver: AnyObject {
  /// Credentials that are valid now. This may take as long as signing in: the client calls it on a thread of its own, and never twice
  /// at once.
  /// - Parameter refused: credentials that a service has refused, and that must not be returned again; nil: none.
  /// - Throws: `CredentialsError`, or another `Failure` that says which provider failed and how.
  func credentials(besides refused: AWSCredentials?) throws -> AWSCredentials
}
