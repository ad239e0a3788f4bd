package import AWS

/// Cognito identity pools (API version 2014-06-30). None of these calls is signed.
package enum CognitoIdentity {
  package static let service = Service(
    hostPrefix: "cognito-identity", signingName: "cognito-identity", wire: .json(version: "1.1", target: "AWSCognitoIdentityService"),
    endpointIdentifier: "COGNITO_IDENTITY")

  /// - Parameter logins: an ID token under the name of who has issued it.
  package static func getId(poolId: String, accountId: String?, logins: [String: String]) -> Call {
    struct Request: Encodable {
      let IdentityPoolId: String
      let AccountId: String?
      let Logins: [String: String]
    }
    return unsigned("GetId", Request(IdentityPoolId: poolId, AccountId: accountId, Logins: logins))
  }

  package static func identityId(_ reply: Reply) -> String? {
    struct Response: Decodable { let IdentityId: String }
    return reply.decoded(Response.self)?.IdentityId
  }

  package static func getCredentialsForIdentity(_ identityId: String, logins: [String: String]) -> Call {
    struct Request: Encodable {
      let IdentityId: String
      let Logins: [String: String]
    }
    return unsigned("GetCredentialsForIdentity", Request(IdentityId: identityId, Logins: logins))
  }

  package static func credentials(_ reply: Reply) -> AWSCredentials? {
    struct Response: Decodable {
      struct Keys: Decodable {
        let AccessKeyId: String
        let SecretKey: String
        let SessionToken: String
        // Seconds, with a fraction or an exponent as it comes.
        let Expiration: Double
      }
      let Credentials: Keys
    }
    guard let keys = reply.decoded(Response.self)?.Credentials, !keys.AccessKeyId.isEmpty, !keys.SecretKey.isEmpty,
      abs(keys.Expiration) < 1e12
    else { return nil }
    return AWSCredentials(
      accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretKey, sessionToken: keys.SessionToken,
      expiration: Int64(keys.Expiration * 1000))
  }

  private static func unsigned(_ operation: String, _ request: some Encodable) -> Call {
    var call = Call(service: service, operation: operation, request: request)
    call.authentication = .none
    return call
  }
}
