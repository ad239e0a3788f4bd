internal import Config
internal import Unix

/// A certificate that AWS IoT knows, for which its credential provider gives the credentials of a role.
struct IoTCertificate: CredentialsProvider {
  let settings: Configuration.IoT
  let configurationPath: String?
  let environment: Environment
  let network: ProviderClient

  var name: String { "the IoT thing \(settings.thingName)" }
  var identity: String? {
    ["iot", settings.host, settings.roleAlias, settings.thingName, settings.certificate.certificatePath].joined(separator: "\n")
  }
  var inputs: [String] { (configurationPath.map { [$0] } ?? []) + settings.certificate.paths }
  var calls: [String] { ["GET https://\(settings.host)/role-aliases/\(settings.roleAlias)/credentials"] }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    // TLS would fail as well, without naming the file that is wrong.
    let certificate = try MachineCertificate(settings.certificate, environment: environment, for: name)
    let request = IoTCredentialProvider.assumeRoleWithCertificate(
      Endpoint(url: "https://\(settings.host)", host: settings.host), roleAlias: settings.roleAlias, thingName: settings.thingName,
      certificate: ClientCertificate(certificatePath: settings.certificate.certificatePath, keyPath: settings.certificate.keyPath))
    return try certificate.ask(network, request, region: "", for: name, advice: advice) { IoTCredentialProvider.credentials($0) }
  }

  // The service says next to nothing ("Troubleshooting AWS IoT Core credential provider", AWS IoT Core Developer Guide).
  private func advice(_ error: AWSError) -> ProviderClient.Advice? {
    switch error.kind {
    case .accessDenied:
      .refusal(
        "the certificate must be active, be attached to \(settings.thingName), and have a policy that allows"
          + " iot:AssumeRoleWithCertificate for the role alias \(settings.roleAlias), whose role trusts credentials.iot.amazonaws.com")
    case .refused:
      .refusal(
        "there is no role alias \(settings.roleAlias), or agent.authentication.iotUrl is another endpoint than that of"
          + " aws iot describe-endpoint --endpoint-type iot:CredentialProvider")
    // The TLS alert that refuses a certificate may get lost if the connection is closed at once.
    case .network where error.detail.contains(" alert "): .refusal("AWS IoT does not know the certificate")
    case .network where error.isBroken: .hint("or AWS IoT does not know the certificate")
    default: nil
    }
  }
}
