internal import Config

/// What `agent.authentication` asks for.
enum ConfiguredCredentials {
  static func find(_ context: CredentialsContext) throws -> LookupResult {
    guard let configured = context.configured else { return .nothing("the configuration has no agent.authentication") }
    let provider: any CredentialsProvider =
      switch configured.authentication {
      case .cognito(let settings):
        CognitoUser(
          settings: settings, username: configured.instanceId, region: configured.region, configurationPath: configured.path,
          environment: context.environment, network: context.calls)
      case .iot(let settings):
        IoTCertificate(
          settings: settings, configurationPath: configured.path, environment: context.environment, network: context.calls)
      case .rolesAnywhere(let settings):
        RolesAnywhereCertificate(
          settings: settings, configurationPath: configured.path, environment: context.environment, network: context.calls)
      }
    return .provider(provider)
  }
}
