internal import Config
internal import Unix

/// The credentials in the cache of `aws login`. They are used while they are valid; only that program can renew them.
struct LoginSession: CredentialsProvider {
  private let path: String
  let name: String

  static func find(_ context: CredentialsContext) throws -> LookupResult {
    guard let session = context.profile["login_session"] else {
      return .nothing("profile '\(context.profileName)' has no login_session")
    }
    let folder = context.environment("AWS_LOGIN_CACHE_DIRECTORY") ?? "\(homeDirectory(context.environment) ?? "")/.aws/login/cache"
    return .provider(
      LoginSession(path: "\(folder)/\(SHA256.hash(session).hex).json", name: "aws login for profile '\(context.profileName)'"))
  }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    let bytes = try translating({ CredentialsError("\(name): \($0.message); run aws login") }) { try TextFile.read(path) }
    let token = JSON(parsing: bytes)?.at("accessToken")
    guard let token, let expiration = token.string("expiresAt").flatMap(DateTime.milliseconds(iso8601:)),
      let credentials = AWSCredentials(
        temporary: token.string("accessKeyId"), token.string("secretAccessKey"), token.string("sessionToken"), expiration: expiration,
        accountId: token.string("accountId"))
    else { throw CredentialsError("\(name): \(path) holds no credentials; run aws login") }
    guard expiration > Clock.realtimeMilliseconds() else { throw CredentialsError("\(name) has ended; run aws login") }
    return credentials
  }
}
