package import Config
package import Records
package import Unix

/// The settings of a client: options win over the configuration, that over the environment, and that over the profile.
package struct AWSSession {
  private let options: AWSOptions
  private let configuration: Configuration?
  private let configurationPath: String?
  private let state: String?
  private let environment: Environment
  private let profile: SharedConfig.Section
  private let shared: SharedConfig

  /// - Parameters:
  ///   - configurationPath: where `configuration` was read; nil: it is no file.
  ///   - state: the state directory by option; nil: not given.
  /// - Throws: `SystemError` or `CommandError` for an unusable shared file.
  package init(
    _ options: AWSOptions, configuration: Configuration? = nil, configurationPath: String? = nil, state: String? = nil,
    environment: @escaping Environment = processEnvironment
  ) throws {
    self.options = options
    self.configuration = configuration
    self.configurationPath = configurationPath
    self.state = state
    self.environment = environment
    shared = try SharedConfig.load(environment: environment)
    let name = options.profile ?? environment("AWS_PROFILE") ?? environment("AWS_DEFAULT_PROFILE") ?? "default"
    profile = shared.profiles[name] ?? [:]
  }

  /// A client for `service`.
  /// - Parameter retryPolicy: `AWS_MAX_ATTEMPTS` and the profile's `max_attempts` replace its number of attempts.
  /// - Throws: `ConfigurationError`, `CommandError`, `CredentialsError` or `SystemError` for settings that cannot work.
  package func client(for service: Service, retryPolicy: RetryPolicy) throws -> RetryingClient {
    let clientOptions = try clientOptions(retryPolicy: retryPolicy)
    // An error now is better than one with every request.
    _ = try clientOptions.endpoint(of: service)
    if options.dryRun { return try RetryingClient(clientOptions, fixed: nil) }
    return try RetryingClient(clientOptions, credentials: credentials())
  }

  /// The resolver of the credentials; it has found a provider and not asked it yet.
  /// - Throws: `CredentialsError` if there is no provider; `ConfigurationError` for settings that cannot work.
  package func credentials() throws -> CachingCredentialsResolver {
    let context = try credentialsContext()
    shared.warnings.forEach(Messages.warning)
    let cache = CredentialsCache("\(try stateDirectory().path)/credentials", warn: Messages.warning)
    let find = {
      var context = context
      context.shared = try SharedConfig.load(environment: environment)
      return try CredentialsChain.find(context)
    }
    return try CachingCredentialsResolver(find, cache: cache, serviceClock: { context.calls.clockOffset }, warn: Messages.warning)
  }

  /// The directory of cached credentials: the publisher's state, else the user's cache.
  /// - Throws: `ConfigurationError` if nothing names a directory.
  package func stateDirectory() throws -> StateDirectory {
    if let found = StateDirectory.find(option: state, environment: environment, configured: configuration?.agent.stateDirectory) {
      return found
    }
    // XDG says to ignore a path that is not absolute.
    if let cache = environment("XDG_CACHE_HOME"), cache.hasPrefix("/") { return StateDirectory("\(cache)/cloudwatch-publisher") }
    guard let home = homeDirectory(environment) else {
      throw ConfigurationError("neither --state nor HOME says where to keep anything; give --state")
    }
    return StateDirectory("\(home)/.cache/cloudwatch-publisher")
  }

  /// Everything that decides whose credentials are used.
  /// - Throws: `ConfigurationError` for settings that cannot work.
  package func credentialsContext() throws -> CredentialsContext {
    var configured: CredentialsContext.Configured?
    if let configuration, let authentication = configuration.agent.authentication {
      configured = CredentialsContext.Configured(
        authentication: authentication, instanceId: try configuration.instanceId(environment: environment), region: try region(),
        path: configurationPath)
    }
    let calls = ProviderClient { region in
      try clientOptions(retryPolicy: RetryPolicy(maximumAttempts: 3, repeatsUncertain: true), region: region)
    }
    return CredentialsContext(
      environment: environment, shared: shared, profile: options.profile, configured: configured, region: try? region(), calls: calls)
  }

  /// Where requests for a service go.
  /// - Throws: `ConfigurationError` or `CommandError`.
  package func endpoint(of service: Service) throws -> Endpoint {
    try clientOptions(retryPolicy: RetryPolicy(maximumAttempts: 1, repeatsUncertain: false)).endpoint(of: service)
  }

  /// The options of a client.
  /// - Throws: `ConfigurationError` for a missing region or an unusable number of attempts.
  package func clientOptions(retryPolicy: RetryPolicy) throws -> ClientOptions {
    var result = try clientOptions(retryPolicy: retryPolicy, region: region())
    if options.dryRun { result.dryRunDescriptor = STDOUT_FILENO }
    return result
  }

  private func clientOptions(retryPolicy: RetryPolicy, region: String) throws -> ClientOptions {
    var policy = retryPolicy
    if let text = environment("AWS_MAX_ATTEMPTS") ?? profile["max_attempts"] {
      guard let attempts = Int(text), attempts > 0 else {
        throw ConfigurationError("AWS_MAX_ATTEMPTS (or max_attempts) is '\(text)'; write a whole number from 1")
      }
      policy.maximumAttempts = attempts
    }
    var result = ClientOptions(
      region: region, endpointURL: endpointURL, retryPolicy: policy,
      userAgent: "cloudwatch-publisher/\(toolkitVersion)")
    result.caBundle = options.caBundle ?? environment("AWS_CA_BUNDLE") ?? profile["ca_bundle"]
    result.usesFIPS = isTrue("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    result.usesDualStack = isTrue("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    if isTrue("AWS_DISABLE_REQUEST_COMPRESSION", "disable_request_compression") {
      result.minimumCompressionSize = nil
    } else if let size = environment("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES").flatMap({ Int($0) }) {
      result.minimumCompressionSize = size
    }
    return result
  }

  /// The region.
  /// - Throws: `ConfigurationError` if there is none, or it has characters that no region has.
  package func region() throws -> String {
    let region =
      options.region ?? configuration?.agent.region ?? environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION")
      ?? profile["region"]
    guard let region, !region.isEmpty else {
      throw ConfigurationError("no region; give --region, agent.region, AWS_REGION, or a profile with one")
    }
    guard region.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }) else {
      throw ConfigurationError("'\(region)' is no region; write one such as eu-central-1")
    }
    return region
  }

  // The option wins over the service's variable, that over the general one, and those over the same two of the profile.
  private func endpointURL(of service: Service) -> String? {
    if let url = options.endpointURL { return url }
    if isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") { return nil }
    let identifier = service.endpointIdentifier
    if let url = environment("AWS_ENDPOINT_URL_\(identifier)") ?? environment("AWS_ENDPOINT_URL") { return url }
    if let services = profile["services"].flatMap({ shared.otherSections["services \($0)"] }),
      let url = services["\(identifier.lowercased()).endpoint_url"]
    {
      return url
    }
    return profile["endpoint_url"]
  }

  private func isTrue(_ variable: String, _ key: String) -> Bool {
    (environment(variable) ?? profile[key])?.lowercased() == "true"
  }
}
