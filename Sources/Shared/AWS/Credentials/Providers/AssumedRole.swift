internal import Unix

/// A role that the profile names, assumed with the credentials of another provider.
struct AssumedRole: CredentialsProvider {
  private let arn: String
  private let sessionName: String
  private let externalId: String?
  private let durationSeconds: Int?
  private let region: String
  private let provider: any CredentialsProvider
  /// The shared files: a change in them may replace refused keys.
  private let files: [String]
  private let network: ProviderClient

  var name: String { "the role \(arn), by way of \(provider.name)" }
  var identity: String? {
    let parts = [
      arn, sessionName, externalId ?? "", durationSeconds.map(String.init) ?? "", network.endpoint(STS.service, region: region),
      provider.identity ?? provider.name,
    ]
    return "assumed role\n" + parts.joined(separator: "\n")
  }
  var inputs: [String] { files + provider.inputs }
  var calls: [String] { provider.calls + ["sts AssumeRole"] }

  static func find(_ context: CredentialsContext) throws -> LookupResult { try find(context, visited: []) }

  private static func find(_ context: CredentialsContext, visited: [String]) throws -> LookupResult {
    let name = context.profileName
    let profile = context.profile
    guard let arn = profile["role_arn"] else { return .nothing("profile '\(name)' has no role_arn") }
    guard profile["web_identity_token_file"] == nil else { return .nothing("profile '\(name)' has a web_identity_token_file") }
    if profile["mfa_serial"] != nil {
      throw unusable("profile '\(name)' wants a one-time code (mfa_serial), which a program on its own cannot type")
    }
    guard let region = context.region ?? profile["region"] else {
      throw unusable("profile '\(name)' assumes a role, and no region is known to ask in; give --region or AWS_REGION")
    }
    var duration: Int?
    if let text = profile["duration_seconds"] {
      guard let seconds = Int(text), (900...43200).contains(seconds) else {
        throw unusable("duration_seconds of profile '\(name)' is '\(text)'; write a whole number from 900 to 43200")
      }
      duration = seconds
    }
    let provider = try provider(context, visited: visited)
    return .provider(
      AssumedRole(
        arn: arn, sessionName: profile["role_session_name"] ?? "cloudwatch-publisher", externalId: profile["external_id"],
        durationSeconds: duration, region: region, provider: provider,
        files: [SharedConfig.configPath(context.environment), SharedConfig.credentialsPath(context.environment)], network: context.calls))
  }

  private static func provider(_ context: CredentialsContext, visited: [String]) throws -> any CredentialsProvider {
    let name = context.profileName
    let profile = context.profile
    switch (profile["source_profile"], profile["credential_source"]) {
    case (_?, _?): throw unusable("profile '\(name)' has both source_profile and credential_source; leave one out")
    case (nil, nil): throw unusable("profile '\(name)' has a role_arn, and neither source_profile nor credential_source to assume it with")
    case (nil, "Environment"?): return EnvironmentCredentials.provider(context)
    case (nil, "Ec2InstanceMetadata"?): return try InstanceMetadata.provider(context)
    case (nil, "EcsContainer"?): return try ContainerCredentials.provider(context)
    case (nil, let other?):
      throw unusable("credential_source of profile '\(name)' is '\(other)'; write Environment, Ec2InstanceMetadata or EcsContainer")
    case (let other?, nil): return try provider(named: other, of: context, visited: visited + [name])
    }
  }

  // A profile may name itself if it has keys; without keys it is a circle.
  private static func provider(
    named other: String, of context: CredentialsContext, visited: [String]
  ) throws -> any CredentialsProvider {
    let name = context.profileName
    guard let profile = context.shared.profiles[other] else {
      throw unusable("the source_profile '\(other)' of profile '\(name)' is in neither ~/.aws/config nor ~/.aws/credentials")
    }
    let next = context.with(profile: other)
    if profile["role_arn"] != nil, profile["aws_access_key_id"] == nil, profile["web_identity_token_file"] == nil {
      guard !visited.contains(other) else {
        throw unusable("the profiles \((visited + [other]).joined(separator: ", ")) are each other's source_profile, in a circle")
      }
      if case .provider(let provider) = try find(next, visited: visited) { return provider }
    }
    if case .provider(let provider)? = try CredentialsChain.walk(CredentialsChain.ofProfile, next).last?.result { return provider }
    throw unusable("the source_profile '\(other)' of profile '\(name)' has no credentials")
  }

  private static func unusable(_ message: String) -> CredentialsError { CredentialsError(message, status: .badConfiguration) }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    var inner: [String: String] = [:]
    let credentials = try provider.retrieve(&inner)
    let request = STS.assumeRole(arn, sessionName: sessionName, externalId: externalId, durationSeconds: durationSeconds)
    return try network.ask(request, region: region, credentials: credentials, for: name) { STS.credentials($0) }
  }
}
