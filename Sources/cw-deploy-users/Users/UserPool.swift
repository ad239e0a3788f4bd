internal import AWS
internal import Config
internal import Unix

/// The users of a pool, by one request at a time.
struct UserPool {
  let client: RetryingClient
  let id: String

  func describe() throws -> CognitoIdentityProvider.UserPoolType {
    guard let pool = CognitoIdentityProvider.userPool(try client.allowed(CognitoIdentityProvider.describeUserPool(id))) else {
      throw CommandError(.unavailable, "Cognito answered something else than a user pool")
    }
    return pool
  }

  func users() throws -> [CognitoIdentityProvider.User] {
    var users: [CognitoIdentityProvider.User] = []
    var token: String?
    repeat {
      guard let page = CognitoIdentityProvider.users(try client.allowed(CognitoIdentityProvider.listUsers(id, after: token))) else {
        throw CommandError(.unavailable, "Cognito answered something else than a list of users")
      }
      users += page.users
      token = page.next
    } while token != nil
    return users
  }

  /// The statuses of all users by name.
  func statuses() throws -> [String: String] {
    Dictionary(try users().map { ($0.username, $0.userStatus) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Throws: a `CommandError` if there is no such user.
  func find(_ name: String) throws {
    do {
      _ = try client.allowed(CognitoIdentityProvider.adminGetUser(name, pool: id))
    } catch let error as AWSError where error.code == "UserNotFoundException" {
      throw CommandError(.usage, "there is no user \(name); nothing was changed")
    }
  }

  func disable(_ name: String) throws {
    _ = try client.allowed(CognitoIdentityProvider.adminUserGlobalSignOut(name, pool: id))
    _ = try client.allowed(CognitoIdentityProvider.adminDisableUser(name, pool: id))
  }

  /// The last sign-in, in seconds since the epoch; nil: there was none.
  func lastSignIn(_ name: String) throws -> Double? {
    CognitoIdentityProvider.lastSignIn(try client.allowed(CognitoIdentityProvider.adminListUserAuthEvents(name, pool: id)))
  }
}
