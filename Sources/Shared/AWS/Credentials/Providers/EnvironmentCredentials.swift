internal import Unix

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialsProvider {
  private let environment: Environment
  let name = "the environment (AWS_ACCESS_KEY_ID)"

  static func find(_ context: CredentialsContext) throws -> LookupResult {
    if context.profileChoice == .byOption { return .nothing("a profile is asked for by --profile") }
    guard context.environment("AWS_ACCESS_KEY_ID") != nil else { return .nothing("AWS_ACCESS_KEY_ID is not set") }
    let provider = EnvironmentCredentials(environment: context.environment)
    var none: [String: String] = [:]
    _ = try provider.retrieve(&none)
    return .provider(provider)
  }

  /// The provider for a role with `credential_source = Environment`.
  static func provider(_ context: CredentialsContext) -> EnvironmentCredentials { EnvironmentCredentials(environment: context.environment) }

  /// - Throws: `CredentialsError` for half of a key, which is a mistake and no reason to try the next provider.
  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    guard let accessKeyId = environment("AWS_ACCESS_KEY_ID") else { throw CredentialsError("AWS_ACCESS_KEY_ID is not set") }
    guard let secret = environment("AWS_SECRET_ACCESS_KEY") else {
      throw CredentialsError("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not; set both or neither", status: .badConfiguration)
    }
    return AWSCredentials(
      accessKeyId: accessKeyId, secretAccessKey: secret,
      sessionToken: environment("AWS_SESSION_TOKEN") ?? environment("AWS_SECURITY_TOKEN"),
      expiration: environment("AWS_CREDENTIAL_EXPIRATION").flatMap(DateTime.milliseconds(iso8601:)),
      accountId: environment("AWS_ACCOUNT_ID"))
  }
}
