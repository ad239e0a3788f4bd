internal import FoundationEssentials
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
    struct File: Decodable {
      struct Token: Decodable {
        let accessKeyId: String
        let secretAccessKey: String
        let sessionToken: String
        let accountId: String?
        let expiresAt: String
      }
      let accessToken: Token
    }
    let bytes: [UInt8]
    do {
      bytes = try TextFile.read(path)
    } catch let error as SystemError {
      throw CredentialsError("\(name): \(error.message); run aws login")
    }
    guard let token = JSONDecoder().value(File.self, from: bytes)?.accessToken,
      let expiration = DateTime.milliseconds(iso8601: token.expiresAt)
    else { throw CredentialsError("\(name): \(path) holds no credentials; run aws login") }
    guard expiration > Clock.realtimeMilliseconds() else { throw CredentialsError("\(name) has ended; run aws login") }
    return AWSCredentials(
      accessKeyId: token.accessKeyId, secretAccessKey: token.secretAccessKey, sessionToken: token.sessionToken, expiration: expiration,
      accountId: token.accountId)
  }
}
