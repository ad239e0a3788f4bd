internal import Unix

/// IAM Roles Anywhere (API version 2018-05-10): a certificate of an authority that the account trusts signs the call.
package enum RolesAnywhere {
  package static let service = Service(
    hostPrefix: "rolesanywhere", signingName: "rolesanywhere", wireProtocol: .rest, endpointIdentifier: "ROLESANYWHERE")

  static func createSession(
    trustAnchorArn: String, profileArn: String, roleArn: String, durationSeconds: Int?, roleSessionName: String?, identity: X509Identity
  ) -> AWSRequest {
    struct Request: Encodable {
      let durationSeconds: Int?
      let roleSessionName: String?
    }
    // As AWS's own helper sends it: the names in the query, the wishes in the body.
    var call = AWSRequest(
      service: service, operation: "CreateSession", request: Request(durationSeconds: durationSeconds, roleSessionName: roleSessionName))
    call.path = "/sessions"
    call.query = [
      (name: "profileArn", value: profileArn), (name: "roleArn", value: roleArn), (name: "trustAnchorArn", value: trustAnchorArn),
    ]
    call.headers = [(name: "Content-Type", value: "application/json")]
    call.authentication = .certificate(identity)
    return call
  }

  package static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    struct Response: Decodable {
      struct Member: Decodable { let credentials: TemporaryKeys }
      let credentialSet: [Member]
    }
    return response.decoded(Response.self)?.credentialSet.first?.credentials.credentials
  }
}
