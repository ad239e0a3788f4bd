internal import Config

/// IAM Identity Center: its portal (API version 2019-06-10), which gives credentials for an access token.
enum SSO {
  static let service = Service(
    hostPrefix: "portal.sso", signingName: "awsssoportal", wireProtocol: .rest, endpointIdentifier: "SSO")

  static func getRoleCredentials(accountId: String, roleName: String, accessToken: String) -> AWSRequest {
    AWSRequest(
      service: service, operation: "GetRoleCredentials", method: "GET", path: "/federation/credentials",
      query: [(name: "role_name", value: roleName), (name: "account_id", value: accountId)],
      headers: [(name: "x-amz-sso_bearer_token", value: accessToken)])
  }

  /// The credentials in a response; nil: there are none.
  static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    guard let keys = response.json?.at("roleCredentials"), let milliseconds = keys.number("expiration"), abs(milliseconds) < 1e15 else {
      return nil
    }
    return AWSCredentials(
      temporary: keys.string("accessKeyId"), keys.string("secretAccessKey"), keys.string("sessionToken"), expiration: Int64(milliseconds))
  }
}

/// IAM Identity Center: its OpenID Connect service (API version 2019-06-10), which renews access tokens.
enum SSOOIDC {
  static let service = Service(hostPrefix: "oidc", signingName: "sso-oauth", wireProtocol: .rest, endpointIdentifier: "SSO_OIDC")

  static func createToken(clientId: String, clientSecret: String, refreshToken: String) -> AWSRequest {
    var request = AWSRequest(
      service: service, operation: "CreateToken",
      request: ["clientId": clientId, "clientSecret": clientSecret, "grantType": "refresh_token", "refreshToken": refreshToken])
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
    guard let json = response.json, let accessToken = json.string("accessToken"), !accessToken.isEmpty,
      let seconds = json.number("expiresIn"), (0...1e9).contains(seconds)
    else { return nil }
    return Token(accessToken: accessToken, seconds: seconds, refreshToken: json.string("refreshToken"))
  }
}
