internal import Unix

/// Where credentials are looked for.
package enum CredentialsChain {
  package typealias Place = (title: String, find: @Sendable (CredentialsContext) throws -> Finding)

  /// In the order of the AWS CLI ("Configuration and credential precedence", AWS CLI User Guide); the first that has some wins.
  static let usual: [Place] =
    [("environment", EnvironmentCredentials.find), ("role of the profile", AssumedRole.find)] + ofProfile + [
      ("container", ContainerCredentials.find), ("instance metadata", InstanceMetadata.find),
    ]

  /// Those that belong to one profile.
  static let ofProfile: [Place] = [
    ("web identity", WebIdentity.find), ("IAM Identity Center", SSOCredentials.find),
    ("keys in the credentials file", StaticKeys.findInCredentialsFile), ("aws login", LoginSession.find),
    ("credential_process", ProcessCredentials.find), ("keys in the config file", StaticKeys.findInConfigFile),
  ]

  /// With `agent.authentication` just that.
  static let configured: [Place] = [("agent.authentication", ConfiguredCredentials.find)]

  /// One place that was looked at.
  package struct Step {
    package let title: String
    package let finding: Finding
  }

  /// The places that are looked at.
  package static func places(_ context: CredentialsContext) -> [Place] { context.configured == nil ? usual : configured }

  /// Looks at one place after the other, up to the first that has something.
  package static func walk(_ context: CredentialsContext) throws -> [Step] { try walk(places(context), context) }

  static func walk(_ places: [Place], _ context: CredentialsContext) throws -> [Step] {
    if context.configured == nil, context.profileChoice != .byDefault, context.shared.profiles[context.profileName] == nil,
      context.profileChoice == .byOption || context.environment("AWS_ACCESS_KEY_ID") == nil
    {
      throw CredentialsError(
        "the profile '\(context.profileName)' is in neither ~/.aws/config nor ~/.aws/credentials", status: .badConfiguration)
    }
    var steps: [Step] = []
    for place in places {
      let finding = try place.find(context)
      steps.append(Step(title: place.title, finding: finding))
      if case .source = finding { break }
    }
    return steps
  }

  /// The source that is used.
  package static func find(_ context: CredentialsContext) throws -> any CredentialsSource {
    if case .source(let source)? = try walk(context).last?.finding { return source }
    throw none
  }

  static let none = CredentialsError(
    "no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, write a profile into ~/.aws/credentials, or give a "
      + "configuration with agent.authentication; cw-creds explain says where was looked")
}
