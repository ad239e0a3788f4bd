/// Cognito identity pools (API version 2014-06-30). None of these requests is signed.
enum CognitoIdentity {
  static let service = Service(
    hostPrefix: "cognito-identity", signingName: "cognito-identity",
    wireProtocol: .json(version: "1.1", target: "AWSCognitoIdentityService"),
    endpointIdentifier: "COGNITO_IDENTITY")

  /// - Parameter logins: an ID token under the name of its issuer.
  static func getId(poolId: String, accountId: String?, logins: [String: String]) -> AWSRequest {
    struct Request: Encodable {
      let identityPoolId: String
      let accountId: String?
      let logins: [String: String]
    }
    return unsigned("GetId", Request(identityPoolId: poolId, accountId: accountId, logins: logins))
  }

  static func identityId(_ response: AWSResponse) -> String? {
    struct Response: Decodable { let identityId: String }
    return response.decoded(Response.self, .capitalized)?.identityId
  }

  static func getCredentialsForIdentity(_ identityId: String, logins: [String: String]) -> AWSRequest {
    struct Request: Encodable {
      let identityId: String
      let logins: [String: String]
    }
    return unsigned("GetCredentialsForIdentity", Request(identityId: identityId, logins: logins))
  }

  /// The credentials in a response to GetCredentialsForIdentity; nil: there are none.
  static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    struct Response: Decodable {
      struct Keys: Decodable {
        let accessKeyId: String
        let secretKey: String
        let sessionToken: String
        // Seconds, with a fraction or an exponent as it comes.
        let expiration: Double
      }
      let credentials: Keys
    }
    guard let keys = response.decoded(Response.self, .capitalized)?.credentials, !keys.accessKeyId.isEmpty, !keys.secretKey.isEmpty,
      abs(keys.expiration) < 1e12
    else { return nil }
    return AWSCredentials(
      accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretKey, sessionToken: keys.sessionToken,
      expiration: Int64(keys.expiration * 1000))
  }

  private static func unsigned(_ operation: String, _ request: some Encodable) -> AWSRequest {
    AWSRequest(service: service, operation: operation, request: request, .capitalized).unsigned
  }
}
