internal import Unix

/// The providers that are tried for credentials, in their order.
package enum CredentialsChain {
  package typealias Entry = (title: String, find: @Sendable (CredentialsContext) throws -> LookupResult)

  /// The order of the AWS CLI ("Configuration and credential precedence", AWS CLI User Guide); the first provider that is set up wins.
  static let usual: [Entry] =
    [("environment", EnvironmentCredentials.find), ("role of the profile", AssumedRole.find)] + ofProfile + [
      ("container", ContainerCredentials.find), ("instance metadata", InstanceMetadata.find),
    ]

  /// The providers that belong to one profile.
  static let ofProfile: [Entry] = [
    ("web identity", WebIdentity.find), ("IAM Identity Center", SSOCredentials.find),
    ("keys in the credentials file", StaticKeys.findInCredentialsFile), ("aws login", LoginSession.find),
    ("credential_process", ProcessCredentials.find), ("keys in the config file", StaticKeys.findInConfigFile),
  ]

  /// With `agent.authentication`, only that.
  static let configured: [Entry] = [("agent.authentication", ConfiguredCredentials.find)]

  /// One provider that was looked up.
  package typealias Lookup = (title: String, result: LookupResult)

  /// The providers that are tried.
  package static func entries(_ context: CredentialsContext) -> [Entry] { context.configured == nil ? usual : configured }

  /// Looks up one provider after the other, up to the first that is set up.
  /// - Throws: `CredentialsError` for settings that cannot work.
  package static func walk(_ context: CredentialsContext) throws -> [Lookup] { try walk(entries(context), context) }

  static func walk(_ entries: [Entry], _ context: CredentialsContext) throws -> [Lookup] {
    if context.configured == nil, context.profileChoice != .byDefault, context.shared.profiles[context.profileName] == nil,
      context.profileChoice == .byOption || context.environment("AWS_ACCESS_KEY_ID") == nil
    {
      throw CredentialsError(
        "the profile '\(context.profileName)' is in neither ~/.aws/config nor ~/.aws/credentials", status: .badConfiguration)
    }
    var lookups: [Lookup] = []
    for entry in entries {
      let result = try entry.find(context)
      lookups.append((entry.title, result))
      if case .provider = result { break }
    }
    return lookups
  }

  /// The provider that is used.
  /// - Throws: `CredentialsError` if there is none, or for settings that cannot work.
  package static func find(_ context: CredentialsContext) throws -> any CredentialsProvider {
    if case .provider(let provider)? = try walk(context).last?.result { return provider }
    throw none
  }

  static let none = CredentialsError(
    "no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, write a profile into ~/.aws/credentials, or give a "
      + "configuration with agent.authentication; cw-creds explain says where was looked")
}
