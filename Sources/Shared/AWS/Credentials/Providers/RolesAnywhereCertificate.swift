internal import Config
internal import Unix

/// A certificate of an authority that IAM Roles Anywhere trusts.
struct RolesAnywhereCertificate: CredentialsProvider {
  let settings: Configuration.RolesAnywhere
  let configurationPath: String?
  let environment: Environment
  let network: ProviderClient

  var name: String { "the role \(settings.roleArn), by IAM Roles Anywhere" }
  var identity: String? {
    [
      "roles anywhere", network.endpoint(RolesAnywhere.service, region: settings.region), settings.trustAnchorArn, settings.profileArn,
      settings.roleArn, settings.certificate.certificatePath,
      settings.durationSeconds.map(String.init) ?? "", settings.roleSessionName ?? "",
    ].joined(separator: "\n")
  }
  var inputs: [String] { (configurationPath.map { [$0] } ?? []) + settings.certificate.paths }
  let calls = ["rolesanywhere CreateSession"]

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    let certificate = try MachineCertificate(settings.certificate, environment: environment, for: name)
    let request = RolesAnywhere.createSession(
      trustAnchorArn: settings.trustAnchorArn, profileArn: settings.profileArn, roleArn: settings.roleArn,
      durationSeconds: settings.durationSeconds, roleSessionName: settings.roleSessionName, identity: certificate.identity)
    return try certificate.ask(network, request, region: settings.region, for: name, advice: advice) { RolesAnywhere.credentials($0) }
  }

  private func advice(_ error: AWSError) -> ProviderClient.Advice? {
    switch error.kind {
    case .accessDenied:
      .refusal(
        "the certificate must be of the trust anchor's authority, the profile must have the role, and the role must trust"
          + " rolesanywhere.amazonaws.com")
    case .refused where error.code == "ResourceNotFoundException":
      .refusal("look at trustAnchorArn and profileArn; both must be enabled, and in one region")
    default: nil
    }
  }
}
