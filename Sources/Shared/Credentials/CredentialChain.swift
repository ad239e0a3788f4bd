package import AWS
package import Unix

/// Where credentials are looked for, in the AWS CLI's order; the first source that has some wins.
package final class CredentialChain: CredentialsProvider {
  private let environment: Environment
  private let profile: String?
  private var kept: AWSCredentials?

  /// - Parameter profile: asked for by an option, which puts the environment's keys out of play. `AWS_PROFILE` does not.
  package init(profile: String?, environment: @escaping Environment) {
    self.profile = profile
    self.environment = environment
  }

  package func credentials() throws -> AWSCredentials {
    if let kept { return kept }
    guard let found = try find() else {
      throw CredentialsError(
        "no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write a profile into ~/.aws/credentials")
    }
    kept = found
    return found
  }

  // The files are read again: somebody may have put new keys there while we run.
  package func invalidate() { kept = nil }

  private func find() throws -> AWSCredentials? {
    if profile == nil, let found = try EnvironmentCredentials.find(environment) { return found }
    let name = profile ?? environment("AWS_PROFILE") ?? environment("AWS_DEFAULT_PROFILE")
    let shared = try SharedConfig.load(environment: environment)
    guard let section = shared.profiles[name ?? "default"] else {
      if let name { throw CredentialsError("the profile '\(name)' is in neither ~/.aws/config nor ~/.aws/credentials") }
      return nil
    }
    return try ProfileCredentials.find(section, name: name ?? "default")
  }
}
