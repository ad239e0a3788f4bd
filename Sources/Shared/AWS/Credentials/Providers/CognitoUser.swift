internal import Config
internal import Unix

/// A user of a Cognito user pool, to whom an identity pool gives the credentials of a role.
///
/// The password is used once; from then on the refresh token signs in, for as long as the pool lets it live.
struct CognitoUser: CredentialsProvider {
  let settings: Configuration.Cognito
  let username: String
  let region: String
  let configurationPath: String?
  let environment: Environment
  let network: ProviderClient

  var name: String { "the Cognito user \(username)" }
  var identity: String? {
    [
      "cognito", username, settings.userPoolId, settings.identityPoolId, settings.appClientId,
      network.endpoint(CognitoIdentityProvider.service, region: poolRegion),
      network.endpoint(CognitoIdentity.service, region: identityRegion),
    ].joined(separator: "\n")
  }
  var inputs: [String] { [configurationPath, try? settings.password.path(environment: environment)].compactMap { $0 } }
  let calls = [
    "cognito-idp InitiateAuth, RespondToAuthChallenge", "cognito-identity GetId, once", "cognito-identity GetCredentialsForIdentity",
  ]

  private enum Memory {
    static let refreshToken = "refreshToken"
    static let identityId = "identityId"
    /// The pool's own name for the user.
    static let username = "username"
  }

  // `eu-central-1_AbCdEfGhI`: the pool's region may be another than the identity pool's.
  private var poolRegion: String { settings.userPoolId.split(separator: "_").first.map(String.init) ?? region }
  private var identityRegion: String { settings.identityPoolId.split(separator: ":").first.map(String.init) ?? region }
  private var poolName: String { settings.userPoolId.split(separator: "_", maxSplits: 1).last.map(String.init) ?? "" }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    let token = try idToken(&memory)
    let domain = Partition.of(region: poolRegion)?.domain ?? "amazonaws.com"
    let logins = ["cognito-idp.\(poolRegion).\(domain)/\(settings.userPoolId)": token]
    if let identityId = memory[Memory.identityId] {
      do {
        return try credentials(identityId, logins)
      } catch let error as CredentialsError where error.kind == .refused {
        // The pool may have been replaced since.
        memory[Memory.identityId] = nil
      }
    }
    let getId = CognitoIdentity.getId(poolId: settings.identityPoolId, accountId: settings.accountId, logins: logins)
    let identityId = try network.ask(getId, region: identityRegion, for: name) { CognitoIdentity.identityId($0) }
    let credentials = try credentials(identityId, logins)
    memory[Memory.identityId] = identityId
    return credentials
  }

  private func credentials(_ identityId: String, _ logins: [String: String]) throws -> AWSCredentials {
    let request = CognitoIdentity.getCredentialsForIdentity(identityId, logins: logins)
    var credentials = try network.ask(request, region: identityRegion, for: name) { CognitoIdentity.credentials($0) }
    credentials.accountId = settings.accountId
    return credentials
  }

  // MARK: - the user pool

  private func idToken(_ memory: inout [String: String]) throws -> String {
    if let refreshToken = memory[Memory.refreshToken] {
      do {
        return try refresh(refreshToken, &memory)
      } catch let error as CredentialsError where error.kind == .refused {
        // The token has expired or was revoked.
        memory[Memory.refreshToken] = nil
      }
    }
    let password = try password()
    let tokens: CognitoIdentityProvider.Tokens
    switch settings.authFlow {
    case .secureRemotePassword: tokens = try signIn(provingThat: password, &memory)
    case .password:
      let answer = try initiate("USER_PASSWORD_AUTH", ["USERNAME": username, "PASSWORD": password], secretFor: username)
      tokens = try self.tokens(answer)
    }
    memory[Memory.refreshToken] = tokens.refreshToken
    return tokens.idToken
  }

  private func refresh(_ token: String, _ memory: inout [String: String]) throws -> String {
    let answer = try initiate("REFRESH_TOKEN_AUTH", ["REFRESH_TOKEN": token], secretFor: memory[Memory.username] ?? username)
    let tokens = try self.tokens(answer)
    if let next = tokens.refreshToken { memory[Memory.refreshToken] = next }
    return tokens.idToken
  }

  private func signIn(provingThat password: String, _ memory: inout [String: String]) throws -> CognitoIdentityProvider.Tokens {
    let client = try SRPClient()
    let answer = try initiate("USER_SRP_AUTH", ["USERNAME": username, "SRP_A": client.publicValue], secretFor: username)
    guard case .challenge(let challenge) = answer, challenge.name == "PASSWORD_VERIFIER" else { return try tokens(answer) }
    let parameters = challenge.parameters
    guard let salt = parameters["SALT"], let publicValue = parameters["SRP_B"], let block = parameters["SECRET_BLOCK"],
      let userId = parameters["USER_ID_FOR_SRP"]
    else { throw odd("its challenge lacks SALT, SRP_B, SECRET_BLOCK or USER_ID_FOR_SRP") }
    guard let secretBlock = [UInt8](base64: block) else {
      throw odd("the SECRET_BLOCK of its challenge is no base64; moto's are none, since it only plays SRP")
    }
    // The pool tolerates a few minutes of difference to its clock, which the first response has told.
    let timestamp = DateTime(milliseconds: try network.serviceMilliseconds(region: poolRegion)).cognito
    let signature: String
    do {
      signature = try client.passwordClaimSignature(
        SRPClient.Challenge(salt: salt, publicValue: publicValue, secretBlock: secretBlock, userId: userId),
        poolName: poolName, password: password, timestamp: timestamp)
    } catch let error as SRPError {
      throw odd(error.message)
    }
    memory[Memory.username] = userId
    var responses = [
      "USERNAME": userId, "PASSWORD_CLAIM_SECRET_BLOCK": block, "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": timestamp,
    ]
    responses["SECRET_HASH"] = secretHash(userId)
    let request = CognitoIdentityProvider.respondToAuthChallenge(
      challenge.name, clientId: settings.appClientId, session: challenge.session, responses: responses)
    return try tokens(ask(request))
  }

  private func initiate(
    _ flow: String, _ parameters: [String: String], secretFor user: String
  ) throws -> CognitoIdentityProvider.Answer {
    var parameters = parameters
    parameters["SECRET_HASH"] = secretHash(user)
    return try ask(CognitoIdentityProvider.initiateAuth(flow, clientId: settings.appClientId, parameters: parameters))
  }

  private func ask(_ request: AWSRequest) throws -> CognitoIdentityProvider.Answer {
    let answer = try network.ask(request, region: poolRegion, for: name, advice: advice) { CognitoIdentityProvider.answer($0) }
    guard case .challenge(var challenge) = answer else { return answer }
    // The name is shown in messages.
    challenge.name = request.withholding(challenge.name)
    return .challenge(challenge)
  }

  private func advice(_ error: AWSError) -> ProviderClient.Advice? {
    guard error.kind == .refused else { return nil }
    switch error.code {
    case "NotAuthorizedException" where error.detail.hasPrefix("Incorrect"), "UserNotFoundException":
      return .refusal("look at \(settings.password.name), and whether the user pool has this user, which is named like the instance id")
    case "ResourceNotFoundException": return .refusal("look at agent.authentication.appClientId and at the region of the user pool")
    default: return nil
    }
  }

  private func tokens(_ answer: CognitoIdentityProvider.Answer) throws -> CognitoIdentityProvider.Tokens {
    switch answer {
    case .tokens(let tokens): return tokens
    case .challenge(let challenge) where challenge.name == "NEW_PASSWORD_REQUIRED":
      throw CredentialsError(
        "\(name) has a temporary password only; set a permanent one (aws cognito-idp admin-set-user-password --permanent)", .refused)
    case .challenge(let challenge):
      throw CredentialsError("\(name): the user pool demands \(challenge.name), which a machine cannot answer; switch it off", .refused)
    }
  }

  private func secretHash(_ user: String) -> String? {
    settings.appClientSecret.map { SecretHash.base64(username: user, clientId: settings.appClientId, clientSecret: $0.text) }
  }

  private func password() throws -> String {
    do {
      return try settings.password.read(environment: environment).text
    } catch let error as any Failure {
      throw CredentialsError("\(name): \(error.message)", status: error.status)
    }
  }

  private func odd(_ what: String) -> CredentialsError { CredentialsError("\(name): the user pool answers oddly: \(what)", .refused) }
}
