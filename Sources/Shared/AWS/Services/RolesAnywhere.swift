internal import Config

/// IAM Roles Anywhere (API version 2018-05-10): a certificate of an authority that the account trusts signs the request.
enum RolesAnywhere {
  static let service = Service(
    hostPrefix: "rolesanywhere", signingName: "rolesanywhere", wireProtocol: .rest, endpointIdentifier: "ROLESANYWHERE")

  static func createSession(
    trustAnchorArn: String, profileArn: String, roleArn: String, durationSeconds: Int?, roleSessionName: String?, identity: X509Identity
  ) -> AWSRequest {
    // AWS's own helper also sends the names in the query and the rest in the body.
    var request = AWSRequest(
      service: service, operation: "CreateSession", request: ["durationSeconds": durationSeconds, "roleSessionName": roleSessionName])
    request.path = "/sessions"
    request.query = [
      (name: "profileArn", value: profileArn), (name: "roleArn", value: roleArn), (name: "trustAnchorArn", value: trustAnchorArn),
    ]
    request.headers = [(name: "Content-Type", value: "application/json")]
    request.authentication = .certificate(identity)
    return request
  }

  /// The credentials in a response; nil: there are none.
  static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    response.json?.elements("credentialSet")?.first?.at("credentials").flatMap { AWSCredentials(temporary: $0) }
  }
}
