internal import FoundationEssentials
internal import Unix

/// IAM Identity Center: its portal (API version 2019-06-10), which gives credentials for an access token.
package enum SSO {
  package static let service = Service(
    hostPrefix: "portal.sso", signingName: "awsssoportal", wireProtocol: .rest, endpointIdentifier: "SSO")

  static func getRoleCredentials(accountId: String, roleName: String, accessToken: String) -> AWSRequest {
    var call = AWSRequest(
      service: service, operation: "GetRoleCredentials", method: "GET", path: "/federation/credentials",
      query: [(name: "role_name", value: roleName), (name: "account_id", value: accountId)])
    call.headers = [(name: "x-amz-sso_bearer_token", value: accessToken)]
    return call
  }

  package static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    struct Response: Decodable {
      struct Keys: Decodable {
        let accessKeyId: String
        let secretAccessKey: String
        let sessionToken: String
        /// Milliseconds.
        let expiration: Double
      }
      let roleCredentials: Keys
    }
    guard let keys = response.decoded(Response.self)?.roleCredentials, !keys.accessKeyId.isEmpty, abs(keys.expiration) < 1e15 else {
      return nil
    }
    return AWSCredentials(
      accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey, sessionToken: keys.sessionToken,
      expiration: Int64(keys.expiration))
  }
}

/// IAM Identity Center: its OpenID Connect service (API version 2019-06-10), which renews access tokens.
package enum SSOOIDC {
  package static let service = Service(hostPrefix: "oidc", signingName: "sso-oauth", wireProtocol: .rest, endpointIdentifier: "SSO_OIDC")

  static func createToken(clientId: String, clientSecret: String, refreshToken: String) -> AWSRequest {
    let request = [
      "clientId": clientId, "clientSecret": clientSecret, "grantType": "refresh_token", "refreshToken": refreshToken,
    ]
    var call = AWSRequest(service: service, operation: "CreateToken", request: request)
    call.path = "/token"
    call.authentication = .none
    call.headers = [(name: "Content-Type", value: "application/json")]
    return call
  }

  package struct Token: Equatable {
    let accessToken: String
    package let seconds: Double
    let refreshToken: String?
  }

  package static func token(_ response: AWSResponse) -> Token? {
    struct Response: Decodable {
      let accessToken: String
      let expiresIn: Double
      let refreshToken: String?
    }
    guard let response = response.decoded(Response.self), !response.accessToken.isEmpty, (0...1e9).contains(response.expiresIn) else {
      return nil
    }
    return Token(accessToken: response.accessToken, seconds: response.expiresIn, refreshToken: response.refreshToken)
  }
}
