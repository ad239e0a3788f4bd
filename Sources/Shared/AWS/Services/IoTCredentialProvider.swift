internal import Unix

/// The credential provider of AWS IoT ("Authorizing direct calls to AWS services using AWS IoT Core credential provider", AWS IoT
/// Core Developer Guide): a certificate is presented, a role's credentials come back.
package enum IoTCredentialProvider {
  package static let service = Service(hostPrefix: "credentials.iot", signingName: "iot", wireProtocol: .rest, endpointIdentifier: "")

  static func assumeRoleWithCertificate(
    _ endpoint: Endpoint, roleAlias: String, thingName: String, certificatePath: String, keyPath: String
  ) -> AWSRequest {
    var request = AWSRequest(
      service: service, operation: "AssumeRoleWithCertificate", method: "GET",
      path: "/role-aliases/\(CanonicalRequest.encoded(roleAlias))/credentials")
    request.headers = [(name: "x-amzn-iot-thingname", value: thingName)]
    request.endpoint = endpoint
    request.clientCertificate = (certificatePath, keyPath)
    return request
  }

  package static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    struct Response: Decodable { let credentials: TemporaryKeys }
    return response.decoded(Response.self)?.credentials.credentials
  }
}

/// Credentials as IoT and Roles Anywhere write them.
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
