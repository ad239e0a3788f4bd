internal import FoundationEssentials
internal import Unix

/// IAM Identity Center: its portal (API version 2019-06-10), which gives credentials for an access token.
enum SSO {
  static let service = Service(
    hostPrefix: "portal.sso", signingName: "awsssoportal", wireProtocol: .rest, endpointIdentifier: "SSO")

  static func getRoleCredentials(accountId: String, roleName: String, accessToken: String) -> AWSRequest {
    var request = AWSRequest(
      service: service, operation: "GetRoleCredentials", method: "GET", path: "/federation/credentials",
      query: [(name: "role_name", value: roleName), (name: "account_id", value: accountId)])
    request.headers = [(name: "x-amz-sso_bearer_token", value: accessToken)]
    return request
  }

  /// The credentials in a response; nil: there are none.
  static func credentials(_ response: AWSResponse) -> AWSCredentials? {
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
enum SSOOIDC {
  static let service = Service(hostPrefix: "oidc", signingName: "sso-oauth", wireProtocol: .rest, endpointIdentifier: "SSO_OIDC")

  static func createToken(clientId: String, clientSecret: String, refreshToken: String) -> AWSRequest {
    let members = [
      "clientId": clientId, "clientSecret": clientSecret, "grantType": "refresh_token", "refreshToken": refreshToken,
    ]
    var request = AWSRequest(service: service, operation: "CreateToken", request: members)
    request.path = "/token"
    request.authentication = .none
    request.headers = [(name: "Content-Type", value: "application/json")]
    return request
  }

  struct Token: Equatable {
    let accessToken: String
    let seconds: Double
    let refreshToken: String?
  }

  /// The token in a response to CreateToken; nil: there is none.
  static func token(_ response: AWSResponse) -> Token? {
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
