internal import AWS
internal import Services
internal import Tool
internal import Unix

/// A user, as `--list` shows it.
struct UserRow: Equatable {
  let id: String
  let status: String
  let isEnabled: Bool
  /// `2026-01-05T03:04:05Z`
  let created: String?
  let lastSignIn: String?

  /// - Parameter lastSignIn: seconds since the epoch.
  init(_ user: CognitoIdentityProvider.User, lastSignIn: Double?) {
    id = user.username
    status = user.userStatus
    isEnabled = user.enabled ?? true
    created = Self.moment(user.userCreateDate)
    self.lastSignIn = Self.moment(lastSignIn)
  }

  private static func moment(_ seconds: Double?) -> String? {
    // Beyond these it is no moment of this service's.
    guard let seconds, (0..<253_402_300_800).contains(seconds) else { return nil }
    return ISO8601.text(Int64(seconds * 1000))
  }

  /// What is not known is `-` for people, empty in CSV and left out in JSON.
  static func text(_ rows: [UserRow], _ format: PasswordFormat) -> String {
    switch format {
    case .text:
      return columns(
        [["ID", "STATUS", "ENABLED", "CREATED", "LAST SIGN-IN"]]
          + rows.map { [$0.id, $0.status, $0.isEnabled ? "yes" : "no", $0.created ?? "-", $0.lastSignIn ?? "-"] })
    case .csv:
      return "id,status,enabled,created,lastSignIn\n"
        + rows.map { "\($0.id),\($0.status),\($0.isEnabled),\($0.created ?? ""),\($0.lastSignIn ?? "")\n" }.joined()
    case .json: return rows.map { "\($0.json)\n" }.joined()
    }
  }

  private var json: String {
    let moments = [("created", created), ("lastSignIn", lastSignIn)].compactMap { name, value in value.map { ",\"\(name)\":\"\($0)\"" } }
    return "{\"id\":\"\(id)\",\"status\":\"\(status)\",\"enabled\":\(isEnabled)\(moments.joined())}"
  }
}
