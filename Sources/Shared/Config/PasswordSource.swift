package import Unix

/// Where a password is kept.
package enum PasswordSource: Equatable, Sendable {
  /// In the configuration itself.
  case text(Secret)
  /// A path; a name without a slash is one of systemd's credentials (`LoadCredential=`).
  case file(String)
  /// For the shell; the first line of what it prints.
  case command(ShellCommand)

  /// The longest that Cognito takes, in characters.
  static let longest = 256
  /// In bytes; password managers may print notes after the first line.
  private static let outputLimit = 1 << 16

  /// Where it is kept, for people.
  package var name: String {
    switch self {
    case .text: "agent.authentication.password"
    case .file(let path): "agent.authentication.passwordFile" + (Self.isPath(path) ? " \(quoted(path))" : "")
    case .command: "agent.authentication.passwordCommand"
    }
  }

  // Anything else may be the password itself under a wrong key, and is not shown.
  private static func isPath(_ text: String) -> Bool { text.hasPrefix("/") }

  /// The file that holds it; nil: none does.
  /// - Throws: `ConfigurationError` if it is one of systemd's credentials, and there are none.
  package func path(environment: Environment) throws -> String? {
    guard case .file(let path) = self else { return nil }
    if path.contains("/") { return path }
    guard let directory = environment("CREDENTIALS_DIRECTORY") else {
      throw ConfigurationError(
        "\(name) is a name without a slash, to be found in $CREDENTIALS_DIRECTORY, which is not set; "
          + "give its whole path, or let systemd set it (LoadCredential=)")
    }
    return "\(directory)/\(path)"
  }

  /// Asks for the password, each time anew: it may have been changed.
  /// - Throws: a `ConfigurationError` that shows nothing of what was found.
  package func read(environment: Environment = processEnvironment) throws -> Secret {
    try read(environment: environment, timeLimit: ShellCommand.timeLimit)
  }

  /// - Parameter timeLimit: seconds that a command may take.
  func read(environment: Environment, timeLimit: Double) throws -> Secret {
    switch self {
    case .text(let secret): return secret
    case .file(let written):
      guard let path = try path(environment: environment) else { return Secret("") }
      let shown = Self.isPath(written) ? path : "the file of agent.authentication.passwordFile"
      return try password(SecretFile.read(path, name: shown, holds: "a password", environment: environment).bytes[...])
    case .command(let command):
      let result = try command.run(name, outputLimit: Self.outputLimit, seconds: timeLimit)
      if let validationError = result.validationError { throw ConfigurationError("\(name) \(validationError)") }
      return try password(result.output.prefix { $0 != 0x0A })
    }
  }

  private func password(_ bytes: ArraySlice<UInt8>) throws -> Secret {
    var line = bytes
    // Windows' editors put one there.
    if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    if line.last == 0x0A { line = line.dropLast() }
    if line.last == 0x0D { line = line.dropLast() }
    guard !line.isEmpty else { throw ConfigurationError("\(name) is empty, where a password is expected") }
    guard !line.contains(where: { $0 == 0x0A || $0 == 0x0D }) else {
      throw ConfigurationError("\(name) has several lines, where only a password is expected")
    }
    let text = String(decoding: line, as: UTF8.self)
    guard !line.contains(0), text.utf8.elementsEqual(line) else {
      throw ConfigurationError("\(name) is no text in UTF-8")
    }
    guard text.unicodeScalars.count <= Self.longest else {
      throw ConfigurationError("\(name) has more than \(Self.longest) characters, which is no password")
    }
    return Secret(text)
  }
}
