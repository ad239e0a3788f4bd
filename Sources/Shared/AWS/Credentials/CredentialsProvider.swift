/// One place where credentials come from, found and ready to be asked.
package protocol CredentialsProvider {
  /// For people, such as `the Cognito user rpi-1`.
  var name: String { get }
  /// Whose credentials these are: everything that decides it, no secret. Nil: asking is as cheap as remembering, or its answers
  /// are somebody else's to remember.
  var identity: String? { get }
  /// Files whose change makes it worth while to ask again soon after a refusal.
  var inputs: [String] { get }
  /// The calls that it makes, such as `cognito-idp InitiateAuth`.
  var calls: [String] { get }

  /// Asks.
  /// - Parameter memory: what the source remembers from one time to the next; it is kept with the credentials.
  /// - Throws: `CredentialsError`
  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials
}

extension CredentialsProvider {
  package var identity: String? { nil }
  package var inputs: [String] { [] }
  package var calls: [String] { [] }
}

/// What looking at one place has brought.
package enum LookupResult {
  /// Nothing, and why: `AWS_ACCESS_KEY_ID is not set`.
  case nothing(String)
  case provider(any CredentialsProvider)
}
