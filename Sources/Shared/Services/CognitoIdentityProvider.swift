package import AWS

/// Cognito user pools (API version 2016-04-18), as far as signing in goes. None of these calls is signed.
package enum CognitoIdentityProvider {
  package static let service = Service(
    hostPrefix: "cognito-idp", signingName: "cognito-idp", wire: .json(version: "1.1", target: "AWSCognitoIdentityProviderService"),
    endpointIdentifier: "COGNITO_IDENTITY_PROVIDER")

  /// - Parameter flow: `USER_SRP_AUTH`, `USER_PASSWORD_AUTH` or `REFRESH_TOKEN_AUTH`.
  package static func initiateAuth(_ flow: String, clientId: String, parameters: [String: String]) -> Call {
    struct Request: Encodable {
      let AuthFlow: String
      let ClientId: String
      let AuthParameters: [String: String]
    }
    return unsigned("InitiateAuth", Request(AuthFlow: flow, ClientId: clientId, AuthParameters: parameters))
  }

  package static func respondToAuthChallenge(
    _ name: String, clientId: String, session: String?, responses: [String: String]
  ) -> Call {
    struct Request: Encodable {
      let ChallengeName: String
      let ClientId: String
      let Session: String?
      let ChallengeResponses: [String: String]
    }
    return unsigned(
      "RespondToAuthChallenge",
      Request(ChallengeName: name, ClientId: clientId, Session: session, ChallengeResponses: responses))
  }

  /// Where the client's refresh tokens are used once only, in place of `REFRESH_TOKEN_AUTH`.
  package static func getTokensFromRefreshToken(_ token: String, clientId: String, clientSecret: String?) -> Call {
    struct Request: Encodable {
      let RefreshToken: String
      let ClientId: String
      let ClientSecret: String?
    }
    return unsigned("GetTokensFromRefreshToken", Request(RefreshToken: token, ClientId: clientId, ClientSecret: clientSecret))
  }

  private static func unsigned(_ operation: String, _ request: some Encodable) -> Call {
    var call = Call(service: service, operation: operation, request: request)
    call.authentication = .none
    return call
  }

  /// What any of them answers.
  package enum Answer: Equatable {
    case tokens(Tokens)
    case challenge(Challenge)
  }

  package struct Tokens: Equatable {
    package let idToken: String
    /// A refresh brings none as a rule; the old one goes on.
    package let refreshToken: String?
  }

  package struct Challenge: Equatable {
    package let name: String
    package let session: String?
    package let parameters: [String: String]
  }

  /// Nil if it is neither.
  package static func answer(_ reply: Reply) -> Answer? {
    struct Response: Decodable {
      struct Result: Decodable {
        let IdToken: String?
        let RefreshToken: String?
      }
      let AuthenticationResult: Result?
      let ChallengeName: String?
      let Session: String?
      let ChallengeParameters: [String: String]?
    }
    guard let response = reply.decoded(Response.self) else { return nil }
    if let token = response.AuthenticationResult?.IdToken, !token.isEmpty {
      return .tokens(Tokens(idToken: token, refreshToken: response.AuthenticationResult?.RefreshToken))
    }
    guard let name = response.ChallengeName else { return nil }
    return .challenge(Challenge(name: name, session: response.Session, parameters: response.ChallengeParameters ?? [:]))
  }
}
