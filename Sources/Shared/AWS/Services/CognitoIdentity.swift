internal import Config

/// Cognito identity pools (API version 2014-06-30). None of these requests is signed.
enum CognitoIdentity {
  static let service = Service(
    hostPrefix: "cognito-identity", signingName: "cognito-identity",
    wireProtocol: .json(version: "1.1", target: "AWSCognitoIdentityService"),
    endpointIdentifier: "COGNITO_IDENTITY")

  /// - Parameter logins: an ID token under the name of its issuer.
  static func getId(poolId: String, accountId: String?, logins: [String: String]) -> AWSRequest {
    unsigned("GetId", ["IdentityPoolId": poolId, "AccountId": accountId, "Logins": logins])
  }

  static func identityId(_ response: AWSResponse) -> String? { response.json?.string("IdentityId") }

  static func getCredentialsForIdentity(_ identityId: String, logins: [String: String]) -> AWSRequest {
    unsigned("GetCredentialsForIdentity", ["IdentityId": identityId, "Logins": logins])
  }

  /// The credentials in a response to GetCredentialsForIdentity; nil: there are none.
  static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    // Seconds, with a fraction or an exponent as it comes.
    guard let keys = response.json?.at("Credentials"), let seconds = keys.number("Expiration"), abs(seconds) < 1e12 else { return nil }
    return AWSCredentials(
      temporary: keys.string("AccessKeyId"), keys.string("SecretKey"), keys.string("SessionToken"), expiration: Int64(seconds * 1000))
  }

  private static func unsigned(_ operation: String, _ request: JSON.Value) -> AWSRequest {
    AWSRequest(service: service, operation: operation, request: request).unsigned
  }
}
