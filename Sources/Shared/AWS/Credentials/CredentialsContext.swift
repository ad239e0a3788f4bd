package import Config
package import Unix

/// What the lookup of providers depends on.
package struct CredentialsContext {
  /// `agent.authentication` and its context.
  package struct Configured {
    package var authentication: Configuration.Authentication
    package var instanceId: String
    package var region: String
    /// The path of the configuration; nil: it is no file.
    package var path: String?
  }

  package var environment: Environment
  package var shared: SharedConfig
  package var configured: Configured?
  var profileName: String
  /// How the profile was chosen. An option overrides the environment's keys, `AWS_PROFILE` does not.
  var profileChoice: ProfileChoice
  /// The region for requests of providers that have none of their own; nil: not known.
  package var region: String?
  package var calls: ProviderClient
  /// Where sysfs is mounted.
  var sysfs = "/sys"

  enum ProfileChoice { case byOption, byVariable, byDefault }

  init(
    environment: @escaping Environment, shared: SharedConfig, profile: String?, configured: Configured? = nil, region: String? = nil,
    calls: ProviderClient
  ) {
    self.environment = environment
    self.shared = shared
    self.configured = configured
    self.region = region
    self.calls = calls
    let named = environment("AWS_PROFILE") ?? environment("AWS_DEFAULT_PROFILE")
    profileName = profile ?? named ?? "default"
    profileChoice = profile != nil ? .byOption : named != nil ? .byVariable : .byDefault
  }

  /// The profile's keys; empty if there is no such profile.
  var profile: SharedConfig.Section { shared.profiles[profileName] ?? [:] }

  /// The same context for the `source_profile` of a profile.
  func with(profile name: String) -> CredentialsContext {
    var context = self
    context.profileName = name
    context.profileChoice = .byOption
    context.configured = nil
    return context
  }
}
