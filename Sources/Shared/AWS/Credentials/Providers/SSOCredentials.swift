internal import Unix

/// A permission set of IAM Identity Center, after `aws sso login`.
struct SSOCredentials: CredentialsProvider {
  private let accountId: String
  private let roleName: String
  private let region: String
  /// The name of the token's file: the session's name, or in profiles of the older form the start URL.
  private let tokenName: String
  private let tokenPath: String
  private let network: ProviderClient

  var name: String { "\(roleName) in account \(accountId) of IAM Identity Center" }
  var identity: String? {
    ["sso", accountId, roleName, network.endpoint(SSO.service, region: region), tokenName, tokenPath].joined(separator: "\n")
  }
  var inputs: [String] { [tokenPath] }
  let calls = ["sso-oidc CreateToken, if the access token ends soon", "sso GetRoleCredentials"]

  static func find(_ context: CredentialsContext) throws -> LookupResult {
    let profile = context.profile
    let name = context.profileName
    guard let roleName = profile["sso_role_name"], let accountId = profile["sso_account_id"] else {
      return .nothing("profile '\(name)' has no sso_account_id and sso_role_name")
    }
    var section = profile
    var tokenName = profile["sso_start_url"]
    if let session = profile["sso_session"] {
      guard let found = context.shared.otherSections["sso-session \(session)"] else {
        throw unusable("the sso_session '\(session)' of profile '\(name)' has no section [sso-session \(session)]")
      }
      section = found
      tokenName = session
    }
    guard let tokenName else { throw unusable("profile '\(name)' has neither sso_session nor sso_start_url") }
    guard let region = section["sso_region"] else { throw unusable("there is no sso_region for profile '\(name)'") }
    return .provider(
      SSOCredentials(
        accountId: accountId, roleName: roleName, region: region, tokenName: tokenName,
        tokenPath: "\(homeDirectory(context.environment) ?? "")/.aws/sso/cache/\(SSOToken.fileName(tokenName))", network: context.calls))
  }

  private static func unusable(_ message: String) -> CredentialsError { CredentialsError(message, status: .badConfiguration) }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    let token = try accessToken()
    let request = SSO.getRoleCredentials(accountId: accountId, roleName: roleName, accessToken: token)
    let advice = { (error: AWSError) -> ProviderClient.Advice? in
      error.kind == .accessDenied ? .refusal("the token has ended, or the permission set is not yours; run aws sso login") : nil
    }
    var credentials = try network.ask(request, region: region, for: name, advice: advice) { SSO.credentials($0) }
    credentials.accountId = accountId
    return credentials
  }

  private func accessToken() throws -> String {
    var token: SSOToken
    do {
      token = try SSOToken(reading: tokenPath)
    } catch let error as SystemError where error.code == ENOENT {
      throw signIn("nobody has signed in")
    }
    let now = try network.serviceMilliseconds(region: region)
    if token.expiresAt - now >= SSOToken.renewalWindow { return token.accessToken }
    do {
      if let request = token.renewal(now: now) {
        let renewed = try network.ask(request, region: region, for: name) { SSOOIDC.token($0) }
        token.renew(renewed, now: now)
        // Other tools use the token too. If it cannot be written, it is still valid now.
        try? token.write(tokenPath)
        return token.accessToken
      }
    } catch let error as CredentialsError {
      // A token that is still valid is good enough.
      if token.expiresAt <= now { throw error.kind == .refused ? signIn("the access token has ended and cannot be renewed") : error }
    }
    guard token.expiresAt > now else { throw signIn("the access token has ended") }
    return token.accessToken
  }

  private func signIn(_ reason: String) -> CredentialsError {
    CredentialsError("\(name): \(reason); run aws sso login", .refused)
  }
}
