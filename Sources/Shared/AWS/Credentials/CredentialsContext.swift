package import Config
package import Unix

/// Everything that decides whose credentials are used.
package struct CredentialsContext {
  /// `agent.authentication`, and what it needs besides.
  package struct Configured {
    package var authentication: Configuration.Authentication
    package var instanceId: String
    package var region: String
    /// Of the configuration; nil: it came from elsewhere.
    package var path: String?

    init(_ authentication: Configuration.Authentication, instanceId: String, region: String, path: String?) {
      self.authentication = authentication
      self.instanceId = instanceId
      self.region = region
      self.path = path
    }
  }

  package var environment: Environment
  package var shared: SharedConfig
  package var configured: Configured?
  var profileName: String
  /// How the profile was asked for. An option puts the environment's keys out of play, `AWS_PROFILE` does not.
  var profileChoice: ProfileChoice
  /// Where the source's own calls go, if no source knows better.
  package var region: String?
  package var calls: ProviderClient
  /// Where the system says what machine this is.
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

  /// The same for the profile that another one names as its source.
  func with(profile name: String) -> CredentialsContext {
    var context = self
    context.profileName = name
    context.profileChoice = .byOption
    context.configured = nil
    return context
  }
}
