internal import Config

/// Cognito user pools (API version 2016-04-18): signing in, whose requests are not signed, and the administration of users.
package enum CognitoIdentityProvider {
  package static let service = Service(
    hostPrefix: "cognito-idp", signingName: "cognito-idp", wireProtocol: .json(version: "1.1", target: "AWSCognitoIdentityProviderService"),
    endpointIdentifier: "COGNITO_IDENTITY_PROVIDER")

  /// - Parameter flow: `USER_SRP_AUTH`, `USER_PASSWORD_AUTH` or `REFRESH_TOKEN_AUTH`.
  static func initiateAuth(_ flow: String, clientId: String, parameters: [String: String]) -> AWSRequest {
    unsigned("InitiateAuth", ["AuthFlow": flow, "ClientId": clientId, "AuthParameters": parameters])
  }

  static func respondToAuthChallenge(
    _ name: String, clientId: String, session: String?, responses: [String: String]
  ) -> AWSRequest {
    unsigned(
      "RespondToAuthChallenge", ["ChallengeName": name, "ClientId": clientId, "Session": session, "ChallengeResponses": responses])
  }

  private static func unsigned(_ operation: String, _ request: JSON.Value) -> AWSRequest {
    AWSRequest(service: service, operation: operation, request: request).unsigned
  }

  /// The response to InitiateAuth and RespondToAuthChallenge.
  package enum Answer: Equatable {
    case tokens(Tokens)
    case challenge(Challenge)
  }

  package struct Tokens: Equatable {
    let idToken: String
    /// Nil after a refresh as a rule: the old token remains valid.
    let refreshToken: String?
  }

  package struct Challenge: Equatable {
    package var name: String
    package let session: String?
    package let parameters: [String: String]
  }

  /// Nil if the response is neither.
  package static func answer(_ response: AWSResponse) -> Answer? {
    guard let json = response.json else { return nil }
    if let token = json.string("AuthenticationResult", "IdToken"), !token.isEmpty {
      return .tokens(Tokens(idToken: token, refreshToken: json.string("AuthenticationResult", "RefreshToken")))
    }
    guard let name = json.string("ChallengeName") else { return nil }
    let parameters = json.at("ChallengeParameters")?.value.texts ?? [:]
    return .challenge(Challenge(name: name, session: json.string("Session"), parameters: parameters))
  }
}

// MARK: - administration

extension CognitoIdentityProvider {
  /// Asks for a page of at most 60 users without their attributes.
  /// - Parameter token: of the page before; nil: the first page.
  package static func listUsers(_ pool: String, after token: String? = nil) -> AWSRequest {
    AWSRequest(
      service: service, operation: "ListUsers",
      request: ["UserPoolId": pool, "AttributesToGet": [String](), "PaginationToken": token])
  }

  /// Makes a user who must choose another password before anything else. No mail or text message is sent.
  package static func adminCreateUser(_ name: String, pool: String, temporaryPassword: String) -> AWSRequest {
    AWSRequest(
      service: service, operation: "AdminCreateUser",
      request: ["UserPoolId": pool, "Username": name, "TemporaryPassword": temporaryPassword, "MessageAction": "SUPPRESS"])
  }

  /// Gives a user another password.
  /// - Parameter isPermanent: false: the user must choose another password before anything else.
  package static func adminSetUserPassword(_ name: String, pool: String, password: String, isPermanent: Bool) -> AWSRequest {
    AWSRequest(
      service: service, operation: "AdminSetUserPassword",
      request: ["UserPoolId": pool, "Username": name, "Password": password, "Permanent": isPermanent])
  }

  /// Asks for one user.
  package static func adminGetUser(_ name: String, pool: String) -> AWSRequest { ofUser("AdminGetUser", name, pool) }
  /// The user can no longer sign in.
  package static func adminDisableUser(_ name: String, pool: String) -> AWSRequest { ofUser("AdminDisableUser", name, pool) }
  /// Revokes all refresh tokens of a user.
  package static func adminUserGlobalSignOut(_ name: String, pool: String) -> AWSRequest { ofUser("AdminUserGlobalSignOut", name, pool) }

  private static func ofUser(_ operation: String, _ name: String, _ pool: String) -> AWSRequest {
    AWSRequest(service: service, operation: operation, request: ["UserPoolId": pool, "Username": name])
  }

  /// Asks for the last sign-ins of a user; only pools with threat protection record them.
  package static func adminListUserAuthEvents(_ name: String, pool: String) -> AWSRequest {
    AWSRequest(
      service: service, operation: "AdminListUserAuthEvents", request: ["UserPoolId": pool, "Username": name, "MaxResults": 10])
  }

  /// Asks for the settings of a pool.
  package static func describeUserPool(_ pool: String) -> AWSRequest {
    AWSRequest(service: service, operation: "DescribeUserPool", request: ["UserPoolId": pool])
  }

  package struct User: Equatable {
    package let username: String
    /// `CONFIRMED`, `FORCE_CHANGE_PASSWORD`, …
    package let userStatus: String
    /// Nil counts as true.
    package var enabled: Bool?
    /// Seconds since the epoch.
    package var userCreateDate: Double?
  }

  /// The users in a response to ListUsers, and the token of the next page, nil at the end; nil: it is no such response.
  package static func users(_ response: AWSResponse) -> (users: [User], next: String?)? {
    guard let json = response.json, let elements = json.elements("Users") else { return nil }
    let users = elements.compactMap(user)
    return users.count == elements.count ? (users, json.string("PaginationToken")) : nil
  }

  /// The user in a response to AdminGetUser; nil: there is none.
  package static func user(_ response: AWSResponse) -> User? { response.json.flatMap(user) }

  private static func user(_ json: JSON) -> User? {
    guard let name = json.string("Username"), let status = json.string("UserStatus") else { return nil }
    return User(
      username: name, userStatus: status, enabled: json.at("Enabled").flatMap { Bool($0.value) },
      userCreateDate: json.number("UserCreateDate"))
  }

  /// The last sign-in, in seconds since the epoch; nil: there was none.
  package static func lastSignIn(_ response: AWSResponse) -> Double? {
    let events = response.json?.elements("AuthEvents") ?? []
    let passed = events.filter { $0.string("EventType") == "SignIn" && $0.string("EventResponse") == "Pass" }
    return passed.compactMap { $0.number("CreationDate") }.max()
  }

  package struct UserPoolType: Equatable {
    /// Characters.
    package var minimumPasswordLength: Int
    /// Whether the pool records sign-ins.
    package var keepsSignIns: Bool
  }

  /// The settings in a response to DescribeUserPool; nil: it is no such response.
  package static func userPool(_ response: AWSResponse) -> UserPoolType? {
    guard let pool = response.json?.at("UserPool") else { return nil }
    return UserPoolType(
      // 8 is the service's default.
      minimumPasswordLength: pool.number("Policies", "PasswordPolicy", "MinimumLength").flatMap { Int(exactly: $0) } ?? 8,
      keepsSignIns: ["AUDIT", "ENFORCED"].contains(pool.string("UserPoolAddOns", "AdvancedSecurityMode")))
  }
}
