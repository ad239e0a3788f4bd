/// Cognito user pools (API version 2016-04-18): signing in, whose requests are not signed, and the administration of users.
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
    AWSRequest(service: service, operation: operation, request: request, .capitalized).unsigned
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
  /// Asks for a page of at most 60 users without their attributes.
  /// - Parameter token: of the page before; nil: the first page.
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

  /// Makes a user who must choose another password before anything else. No mail or text message is sent.
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

  /// Gives a user another password.
  /// - Parameter isPermanent: false: the user must choose another password before anything else.
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
    struct Request: Encodable {
      let userPoolId: String
      let username: String
      let maxResults = 10
    }
    return AWSRequest(
      service: service, operation: "AdminListUserAuthEvents", request: Request(userPoolId: pool, username: name), .capitalized)
  }

  /// Asks for the settings of a pool.
  package static func describeUserPool(_ pool: String) -> AWSRequest {
    AWSRequest(service: service, operation: "DescribeUserPool", request: ["UserPoolId": pool])
  }

  package struct User: Equatable, Decodable {
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
    struct Response: Decodable {
      let users: [User]
      let paginationToken: String?
    }
    return response.decoded(Response.self, .capitalized).map { ($0.users, $0.paginationToken) }
  }

  /// The user in a response to AdminGetUser; nil: there is none.
  package static func user(_ response: AWSResponse) -> User? { response.decoded(User.self, .capitalized) }

  /// The last sign-in, in seconds since the epoch; nil: there was none.
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
    /// Whether the pool records sign-ins.
    package var keepsSignIns: Bool
  }

  /// The settings in a response to DescribeUserPool; nil: it is no such response.
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
