internal import AWS
internal import Config
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
    // Other numbers are no times of this service.
    guard let seconds, (0..<253_402_300_800).contains(seconds) else { return nil }
    return DateTime(milliseconds: Int64(seconds * 1000)).iso8601
  }

  /// Unknown values are `-` for people, empty in CSV, and left out in JSON. A name may have any characters.
  static func text(_ rows: [UserRow], _ format: PasswordFormat) -> String {
    switch format {
    case .text:
      let cells = rows.map {
        [$0.id.printable, $0.status.printable, $0.isEnabled ? "yes" : "no", $0.created ?? "-", $0.lastSignIn ?? "-"]
      }
      return columns([["ID", "STATUS", "ENABLED", "CREATED", "LAST SIGN-IN"]] + cells)
    case .csv:
      let lines = rows.map {
        [$0.id, $0.status, "\($0.isEnabled)", $0.created ?? "", $0.lastSignIn ?? ""].map(cell).joined(separator: ",")
      }
      return (["id,status,enabled,created,lastSignIn"] + lines).map { "\($0)\n" }.joined()
    case .json: return rows.map { "\($0.json)\n" }.joined()
    }
  }

  /// A cell by RFC 4180. An apostrophe keeps a spreadsheet from evaluating what looks like a formula.
  private static func cell(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n|%".unicodeScalars.contains($0) } ?? false
    let text = isFormula ? "'\(text)" : text
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }

  private var json: String {
    let buffer = ByteBuffer()
    let json: JSON.Value = ["id": id, "status": status, "enabled": isEnabled, "created": created, "lastSignIn": lastSignIn]
    json.append(to: buffer)
    return buffer.text
  }
}
