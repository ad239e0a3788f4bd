internal import Config
internal import Unix

/// The file in `~/.aws/sso/cache` that AWS's tools share: an access token of IAM Identity Center, and what renews it.
struct SSOToken {
  /// Milliseconds before its end at which a token is renewed, as the AWS SDKs do.
  static let renewalWindow: Int64 = 15 * 60_000

  private(set) var accessToken: String
  /// Milliseconds since the epoch.
  private(set) var expiresAt: Int64
  // The whole file, since the members of other tools must survive.
  private var members: JSON

  /// - Parameter name: the session's name, or the start URL.
  static func fileName(_ name: String) -> String { "\(SHA1.hash(name).hex).json" }

  init(reading path: String) throws {
    let bytes = try TextFile.read(path)
    guard let members = JSON(parsing: bytes), let token = members.string("accessToken"), !token.isEmpty,
      let expiresAt = members.string("expiresAt").flatMap(DateTime.milliseconds(iso8601:))
    else { throw CredentialsError("\(path) is no token of aws sso login; run it again") }
    accessToken = token
    self.expiresAt = expiresAt
    self.members = members
  }

  /// The request that renews the token; nil: it cannot be renewed.
  func renewal(now: Int64) -> AWSRequest? {
    guard let clientId = members.string("clientId"), let clientSecret = members.string("clientSecret"),
      let refreshToken = members.string("refreshToken"),
      let registered = members.string("registrationExpiresAt").flatMap(DateTime.milliseconds(iso8601:)), registered > now
    else { return nil }
    return SSOOIDC.createToken(clientId: clientId, clientSecret: clientSecret, refreshToken: refreshToken)
  }

  mutating func renew(_ token: SSOOIDC.Token, now: Int64) {
    accessToken = token.accessToken
    expiresAt = now + Int64(token.seconds * 1000)
    members.insert(.text(accessToken), at: ["accessToken"])
    members.insert(.text(DateTime(milliseconds: expiresAt).iso8601), at: ["expiresAt"])
    if let refreshToken = token.refreshToken { members.insert(.text(refreshToken), at: ["refreshToken"]) }
  }

  func write(_ path: String) throws {
    let text = ByteBuffer()
    members.value.append(to: text)
    try AtomicFile.write(text.bytes, to: path)
  }
}
