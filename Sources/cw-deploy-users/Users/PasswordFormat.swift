internal import ArgumentParser
internal import Config
internal import Records
internal import Unix

/// The form of a line with an id and its password in the output file.
enum PasswordFormat: String, CaseIterable, ExpressibleByArgument {
  /// As the original publisher's script printed it.
  case text
  /// An object a line.
  case json
  case csv

  /// The first line of a file; nil: it has no header.
  var header: String? { self == .csv ? "id,password" : nil }

  /// Neither ids nor passwords have characters that would have to be escaped.
  func line(_ id: String, _ password: Secret) -> String {
    switch self {
    case .text: "Added user: \(id) // \(password.text)"
    case .json: "{\"id\":\"\(id)\",\"password\":\"\(password.text)\"}"
    case .csv: "\(id),\(password.text)"
    }
  }

  /// Nil if the line is none of this format.
  func parse(_ line: String) -> (id: String, password: Secret)? {
    let parts: [Substring]
    switch self {
    case .text:
      guard line.hasPrefix("Added user: "), line.contains(" // ") else { return nil }
      let words = line.dropFirst("Added user: ".count).split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 3, words[1] == "//" else { return nil }
      parts = [words[0], words[2]]
    case .json:
      guard let json = try? JSON(Array(line.utf8), path: ""), case .text(let id)? = json["id"]?.value.value,
        case .text(let password)? = json["password"]?.value.value
      else { return nil }
      parts = [id[...], password[...]]
    case .csv: parts = line.split(separator: ",", omittingEmptySubsequences: false)
    }
    guard parts.count == 2, Systems.isValid(String(parts[0])), Self.isPassword(parts[1]) else { return nil }
    return (String(parts[0]), Secret(String(parts[1])))
  }

  // AdminSetUserPassword, parameter Password; a policy asks for at least 6 characters.
  private static func isPassword(_ text: Substring) -> Bool {
    (6...256).contains(text.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
  }
}
