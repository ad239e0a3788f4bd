/// Cognito user pools (API version 2016-04-18): signing in, whose calls are not signed, and the administration of users.
package enum CognitoIdentityProvider {
  package static let service = Service(
    hostPrefix: "cognito-idp", signingName: "cognito-idp", wireProtocol: .json(version: "1.1", target: "AWSCognitoIdentityProviderService"),
    endpointIdentifier: "COGNITO_IDENTITY_PROVIDER")

  /// - Parameter flow: `USER_SRP_AUTH`, `USER_PASSWORD_AUTH` or `REFRESH_TOKEN_AUTH`.
  static func initiateAuth(_ flow: String, clientId: String, parameters: [String: String]) -> AWSRequest {
    struct Request: Encodable {
      let authFlow: String
      let clientId: String
      let authParameters: [String: String]
    }
    return unsigned("InitiateAuth", Request(authFlow: flow, clientId: clientId, authParameters: parameters))
  }

  static func respondToAuthChallenge(
    _ name: String, clientId: String, session: String?, responses: [String: String]
  ) -> AWSRequest {
    struct Request: Encodable {
      let challengeName: String
      let clientId: String
      let session: String?
      let challengeResponses: [String: String]
    }
    return unsigned(
      "RespondToAuthChallenge",
      Request(challengeName: name, clientId: clientId, session: session, challengeResponses: responses))
  }

  private static func unsigned(_ operation: String, _ request: some Encodable) -> AWSRequest {
    var call = AWSRequest(service: service, operation: operation, request: request, .capitalized)
    call.authentication = .none
    return call
  }

  /// What any of them answers.
  package enum Answer: Equatable {
    case tokens(Tokens)
    case challenge(Challenge)
  }

  package struct Tokens: Equatable {
    let idToken: String
    /// A refresh brings none as a rule; the old one goes on.
    let refreshToken: String?
  }

  package struct Challenge: Equatable {
    package var name: String
    package let session: String?
    package let parameters: [String: String]
  }

  /// Nil if it is neither.
  package static func answer(_ response: AWSResponse) -> Answer? {
    struct Response: Decodable {
      struct Result: Decodable {
        let idToken: String?
        let refreshToken: String?
      }
      let authenticationResult: Result?
      let challengeName: String?
      let session: String?
      let challengeParameters: [String: String]?
    }
    guard let response = response.decoded(Response.self, .capitalized) else { return nil }
    if let token = response.authenticationResult?.idToken, !token.isEmpty {
      return .tokens(Tokens(idToken: token, refreshToken: response.authenticationResult?.refreshToken))
    }
    guard let name = response.challengeName else { return nil }
    return .challenge(Challenge(name: name, session: response.session, parameters: response.challengeParameters ?? [:]))
  }
}

// MARK: - administration

extension CognitoIdentityProvider {
  /// A page of at most 60 users, of each what is not an attribute.
  package static func listUsers(_ pool: String, after token: String? = nil) -> AWSRequest {
    struct Request: Encodable {
      let userPoolId: String
      let attributesToGet: [String]
      let paginationToken: String?
    }
    return AWSRequest(
      service: service, operation: "ListUsers", request: Request(userPoolId: pool, attributesToGet: [], paginationToken: token),
      .capitalized)
  }

  /// A user who must choose another password before anything else. Nobody is told by mail or text message.
  package static func adminCreateUser(_ name: String, pool: String, temporaryPassword: String) -> AWSRequest {
    struct Request: Encodable {
      let userPoolId: String
      let username: String
      let temporaryPassword: String
      let messageAction = "SUPPRESS"
    }
    return AWSRequest(
      service: service, operation: "AdminCreateUser",
      request: Request(userPoolId: pool, username: name, temporaryPassword: temporaryPassword), .capitalized)
  }

  /// - Parameter isPermanent: false puts the user back to where another password must be chosen.
  package static func adminSetUserPassword(_ name: String, pool: String, password: String, isPermanent: Bool) -> AWSRequest {
    struct Request: Encodable {
      let userPoolId: String
      let username: String
      let password: String
      let permanent: Bool
    }
    return AWSRequest(
      service: service, operation: "AdminSetUserPassword",
      request: Request(userPoolId: pool, username: name, password: password, permanent: isPermanent), .capitalized)
  }

  package static func adminGetUser(_ name: String, pool: String) -> AWSRequest { ofUser("AdminGetUser", name, pool) }
  package static func adminDisableUser(_ name: String, pool: String) -> AWSRequest { ofUser("AdminDisableUser", name, pool) }
  /// Refresh tokens are good no more.
  package static func adminUserGlobalSignOut(_ name: String, pool: String) -> AWSRequest { ofUser("AdminUserGlobalSignOut", name, pool) }

  private static func ofUser(_ operation: String, _ name: String, _ pool: String) -> AWSRequest {
    AWSRequest(service: service, operation: operation, request: ["UserPoolId": pool, "Username": name])
  }

  /// The last time that somebody tried to sign in as a user; kept for pools with threat protection only.
  package static func adminListUserAuthEvents(_ name: String, pool: String) -> AWSRequest {
    struct Request: Encodable {
      let userPoolId: String
      let username: String
      let maxResults = 10
    }
    return AWSRequest(
      service: service, operation: "AdminListUserAuthEvents", request: Request(userPoolId: pool, username: name), .capitalized)
  }

  package static func describeUserPool(_ pool: String) -> AWSRequest {
    AWSRequest(service: service, operation: "DescribeUserPool", request: ["UserPoolId": pool])
  }

  package struct User: Equatable, Decodable {
    package let username: String
    /// `CONFIRMED`, `FORCE_CHANGE_PASSWORD`, …
    package let userStatus: String
    package let enabled: Bool?
    /// Seconds since the epoch.
    package let userCreateDate: Double?

    package init(_ username: String, status: String, enabled: Bool = true, created: Double? = nil) {
      self.username = username
      userStatus = status
      self.enabled = enabled
      userCreateDate = created
    }
  }

  /// Users, and the token for more of them.
  package static func users(_ response: AWSResponse) -> (users: [User], next: String?)? {
    struct Response: Decodable {
      let users: [User]
      let paginationToken: String?
    }
    return response.decoded(Response.self, .capitalized).map { ($0.users, $0.paginationToken) }
  }

  /// Of the answer to AdminGetUser.
  package static func user(_ response: AWSResponse) -> User? { response.decoded(User.self, .capitalized) }

  /// Seconds since the epoch; nil if nobody ever signed in.
  package static func lastSignIn(_ response: AWSResponse) -> Double? {
    struct Response: Decodable {
      struct Event: Decodable {
        let eventType: String?
        let eventResponse: String?
        let creationDate: Double?
      }
      let authEvents: [Event]
    }
    let events = response.decoded(Response.self, .capitalized)?.authEvents ?? []
    return events.filter { $0.eventType == "SignIn" && $0.eventResponse == "Pass" }.compactMap(\.creationDate).max()
  }

  package struct UserPoolType: Equatable {
    /// Characters.
    package var minimumPasswordLength: Int
    /// Whether the pool keeps who signed in when.
    package var keepsSignIns: Bool

    package init(minimumPasswordLength: Int, keepsSignIns: Bool) {
      self.minimumPasswordLength = minimumPasswordLength
      self.keepsSignIns = keepsSignIns
    }
  }

  package static func userPool(_ response: AWSResponse) -> UserPoolType? {
    struct Response: Decodable {
      struct Pool: Decodable {
        struct Policies: Decodable {
          struct Policy: Decodable { let minimumLength: Int? }
          let passwordPolicy: Policy?
        }
        struct AddOns: Decodable { let advancedSecurityMode: String? }
        let policies: Policies?
        let userPoolAddOns: AddOns?
      }
      let userPool: Pool
    }
    guard let pool = response.decoded(Response.self, .capitalized)?.userPool else { return nil }
    return UserPoolType(
      // 8 is the service's default.
      minimumPasswordLength: pool.policies?.passwordPolicy?.minimumLength ?? 8,
      keepsSignIns: ["AUDIT", "ENFORCED"].contains(pool.userPoolAddOns?.advancedSecurityMode ?? "OFF"))
  }
}
