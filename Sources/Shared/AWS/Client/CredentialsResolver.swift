/// Where a client gets credentials.
package protocol CredentialsResolver: AnyObject {
  /// Credentials that are good now. It takes as long as signing in takes: the client asks on a thread of its own, and never
  /// twice at once.
  /// - Parameter refused: credentials that a service has refused and that must not be given out again.
  /// - Throws: `CredentialsError`, or another `Failure` that says which source failed and how.
  func credentials(besides refused: AWSCredentials?) throws -> AWSCredentials
}
