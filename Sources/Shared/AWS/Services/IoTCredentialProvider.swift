internal import Config
internal import Unix

/// The credential provider of AWS IoT ("Authorizing direct calls to AWS services using AWS IoT Core credential provider", AWS IoT
/// Core Developer Guide), which gives the credentials of a role for a certificate.
enum IoTCredentialProvider {
  static let service = Service(hostPrefix: "credentials.iot", signingName: "iot", wireProtocol: .rest, endpointIdentifier: "")

  static func assumeRoleWithCertificate(
    _ endpoint: Endpoint, roleAlias: String, thingName: String, certificate: ClientCertificate
  ) -> AWSRequest {
    var request = AWSRequest(
      service: service, operation: "AssumeRoleWithCertificate", method: "GET",
      path: "/role-aliases/\(CanonicalRequest.encoded(roleAlias))/credentials", headers: [(name: "x-amzn-iot-thingname", value: thingName)],
      endpoint: endpoint)
    request.clientCertificate = certificate
    return request
  }

  /// The credentials in a response; nil: there are none.
  static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    response.json?.at("credentials").flatMap { AWSCredentials(temporary: $0) }
  }
}

extension AWSCredentials {
  /// Temporary keys in the form of IoT and Roles Anywhere.
  init?(temporary keys: JSON) {
    self.init(
      temporary: keys.string("accessKeyId"), keys.string("secretAccessKey"), keys.string("sessionToken"),
      expiration: keys.string("expiration").flatMap(DateTime.milliseconds(iso8601:)))
  }
}
