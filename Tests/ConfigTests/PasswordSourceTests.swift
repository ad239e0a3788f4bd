import Testing
import Unix

@testable import Config

struct PasswordSourceTests {
  @Test(arguments: ["correct horse", "correct horse\n", "correct horse\r\n", "\u{FEFF}correct horse\n"])
  func readsAFile(_ text: String) throws {
    let file = try TemporaryFile(text)
    #expect(try PasswordSource.file(file.path).read(environment: { _ in nil }).text == "correct horse")
  }

  @Test func keepsSpacesAndLetters() throws {
    let longest = String(repeating: "ä", count: 256)
    for text in [" a b\t", "\"'\\$x", longest] {
      let file = try TemporaryFile(text + "\n")
      #expect(try PasswordSource.file(file.path).read(environment: { _ in nil }).text == text)
    }
    #expect(try PasswordSource.text(Secret("p\n")).read(environment: { _ in nil }).text == "p\n")
  }

  @Test(arguments: [
    ("", "is empty, where a password is expected"), ("\r\n", "is empty, where a password is expected"),
    ("canary\ncanary\n", "has several lines, where only a password is expected"),
    ("canary\r\r\n", "has several lines, where only a password is expected"),
    ("canary\n\n", "has several lines, where only a password is expected"), ("canary\0", "is no text in UTF-8"),
    (String(repeating: "canary", count: 43), "has more than 256 characters, which is no password"),
  ])
  func refusesWhatIsNoPasswordAndShowsNothingOfIt(_ text: String, _ validationError: String) throws {
    let file = try TemporaryFile(text)
    let error = configurationError { _ = try PasswordSource.file(file.path).read(environment: { _ in nil }) }
    #expect(error?.message == "agent.authentication.passwordFile \"\(file.path)\" \(validationError)")
  }

  @Test func refusesAFileThatIsMissingOrNoneOrEverybodys() throws {
    func message(_ path: String) -> String? {
      configurationError { _ = try PasswordSource.file(path).read(environment: { _ in nil }) }?.message
    }
    #expect(message("/nonexistent/p") == "cannot open /nonexistent/p: No such file or directory")
    #expect(message("/dev/null") == "/dev/null is no file of its own, which can be read again")
    let file = try TemporaryFile("canary", mode: 0o640)
    #expect(message(file.path) == "\(file.path): holds a password, and its mode 640 lets others at it; chmod 600 \(file.path)")
  }

  @Test func findsWhatSystemdHandsOver() throws {
    // systemd's files are 0400, or 0440 where an access list lets the service's user in.
    for mode: mode_t in [0o400, 0o440] {
      let file = try TemporaryFile("p", mode: mode)
      let parts = file.path.split(separator: "/")
      let name = String(try #require(parts.last))
      let directory = "/" + parts.dropLast().joined(separator: "/")
      let environment: Environment = { $0 == "CREDENTIALS_DIRECTORY" ? directory : nil }
      #expect(try PasswordSource.file(name).read(environment: environment).text == "p")
      #expect(try PasswordSource.file(file.path).read(environment: environment).text == "p")
    }
    let error = configurationError { _ = try PasswordSource.file("pw").read(environment: { _ in nil }) }
    #expect(
      error?.message == "agent.authentication.passwordFile is a name without a slash, to be found in "
        + "$CREDENTIALS_DIRECTORY, which is not set; give its whole path, or let systemd set it (LoadCredential=)")
  }

  @Test(arguments: ["echo 'correct horse'", "printf 'correct horse'", "printf 'correct horse\\r\\nnotes\\n'"])
  func takesTheFirstLineOfACommand(_ command: String) throws {
    #expect(try PasswordSource.command(ShellCommand(command)).read(environment: { _ in nil }).text == "correct horse")
  }

  @Test(arguments: [
    ("true", "is empty, where a password is expected"), ("echo; echo canary", "is empty, where a password is expected"),
    ("echo canary; exit 3", "failed with status 3"), ("echo canary; kill -9 $$", "was killed by signal 9"),
    ("yes canary", "printed more than 65536 bytes"), ("echo canary; exec sleep 60", "took more than 0.5 seconds"),
    ("printf 'canary\\377'", "is no text in UTF-8"),
  ])
  func refusesACommandThatDoesNotAnswerAndShowsNothingOfIt(_ command: String, _ validationError: String) {
    let error = configurationError { _ = try PasswordSource.command(ShellCommand(command)).read(environment: { _ in nil }, timeLimit: 0.5) }
    #expect(error?.message == "agent.authentication.passwordCommand \(validationError)")
  }

  /// The password itself, under the wrong key.
  @Test(arguments: ["canary", "ca/nary"]) func whatIsNoPathIsNotShown(_ text: String) {
    for directory in [nil, "/nonexistent"] {
      let environment: Environment = { $0 == "CREDENTIALS_DIRECTORY" ? directory : nil }
      let message = configurationError { _ = try PasswordSource.file(text).read(environment: environment) }?.message ?? ""
      #expect(message.contains("agent.authentication.passwordFile") && !message.contains("nary"), "\(message)")
    }
  }

  @Test func isNotPrinted() {
    #expect(!"\(PasswordSource.text(Secret("canary")))".contains("canary"))
  }
}
