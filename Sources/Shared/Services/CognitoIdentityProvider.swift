package import AWS

/// Cognito user pools (API version 2016-04-18), as far as signing in goes. None of these calls is signed.
package enum CognitoIdentityProvider {
  package static let service = Service(
    hostPrefix: "cognito-idp", signingName: "cognito-idp", wire: .json(version: "1.1", target: "AWSCognitoIdentityProviderService"),
    endpointIdentifier: "COGNITO_IDENTITY_PROVIDER")

  /// - Parameter flow: `USER_SRP_AUTH`, `USER_PASSWORD_AUTH` or `REFRESH_TOKEN_AUTH`.
  package static func initiateAuth(_ flow: String, clientId: String, parameters: [String: String]) -> Call {
    struct Request: Encodable {
      let authFlow: String
      let clientId: String
      let authParameters: [String: String]
    }
    return unsigned("InitiateAuth", Request(authFlow: flow, clientId: clientId, authParameters: parameters))
  }

  package static func respondToAuthChallenge(
    _ name: String, clientId: String, session: String?, responses: [String: String]
  ) -> Call {
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

  private static func unsigned(_ operation: String, _ request: some Encodable) -> Call {
    var call = Call(service: service, operation: operation, request: request, .capitalized)
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
        let idToken: String?
        let refreshToken: String?
      }
      let authenticationResult: Result?
      let challengeName: String?
      let session: String?
      let challengeParameters: [String: String]?
    }
    guard let response = reply.decoded(Response.self, .capitalized) else { return nil }
    if let token = response.authenticationResult?.idToken, !token.isEmpty {
      return .tokens(Tokens(idToken: token, refreshToken: response.authenticationResult?.refreshToken))
    }
    guard let name = response.challengeName else { return nil }
    return .challenge(Challenge(name: name, session: response.session, parameters: response.challengeParameters ?? [:]))
  }
}
