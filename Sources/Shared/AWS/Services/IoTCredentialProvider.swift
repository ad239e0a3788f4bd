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
      path: "/role-aliases/\(CanonicalRequest.encoded(roleAlias))/credentials")
    request.headers = [(name: "x-amzn-iot-thingname", value: thingName)]
    request.endpoint = endpoint
    request.clientCertificate = certificate
    return request
  }

  /// The credentials in a response; nil: there are none.
  static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    struct Response: Decodable { let credentials: TemporaryKeys }
    return response.decoded(Response.self)?.credentials.credentials
  }
}

/// Credentials in the form of IoT and Roles Anywhere.
struct TemporaryKeys: Decodable {
  let accessKeyId: String
  let secretAccessKey: String
  let sessionToken: String
  let expiration: String

  var credentials: AWSCredentials? {
    guard !accessKeyId.isEmpty, !secretAccessKey.isEmpty, let expiration = DateTime.milliseconds(iso8601: expiration) else { return nil }
    return AWSCredentials(
      accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: sessionToken, expiration: expiration)
  }
}
