/// A source of credentials, set up and ready to be asked.
package protocol CredentialsProvider {
  /// For people, such as `the Cognito user rpi-1`.
  var name: String { get }
  /// The cache key: everything that decides whose credentials these are, and no secret. Nil: they are not cached, because asking is as
  /// cheap, or the other side caches.
  var identity: String? { get }
  /// Files whose change is a reason to ask again soon after a refusal.
  var inputs: [String] { get }
  /// The requests that it sends, such as `cognito-idp InitiateAuth`.
  var calls: [String] { get }

  /// Gets new credentials.
  /// - Parameter memory: what the provider remembers from one time to the next; it is cached with the credentials.
  /// - Throws: `CredentialsError`
  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials
}

extension CredentialsProvider {
  package var identity: String? { nil }
  package var inputs: [String] { [] }
  package var calls: [String] { [] }
}

/// The result of looking up one provider.
package enum LookupResult {
  /// The provider is not set up, and why: `AWS_ACCESS_KEY_ID is not set`.
  case nothing(String)
  case provider(any CredentialsProvider)
}
