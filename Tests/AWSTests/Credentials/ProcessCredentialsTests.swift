import Testing
import TestSupport
import Unix
@testable import AWS

struct ProcessCredentialsTests {
  private func retrieve(_ command: String, timeLimit: Double = 30) throws -> AWSCredentials {
    try ProcessCredentials(command: command, name: "it").retrieve(timeLimit: timeLimit)
  }

  @Test func runsTheWordsOfTheCommandWithoutAShell() throws {
    let folder = try TemporaryFolder()
    try folder.append("my tool", "#!/bin/sh\nprintf '{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\"}' \"$1\" \"$2\"\n")
    #expect(chmod(folder.file("my tool"), 0o755) == 0)
    let found = try retrieve("'\(folder.file("my tool"))' \"a b\" $HOME;")
    #expect((found.accessKeyId, found.secretAccessKey) == ("a b", "$HOME;"))
  }

  @Test(arguments: [
    ("sh -c 'echo canary; exit 3'", "it: sh failed with status 3"), ("sh -c 'kill -9 $$'", "it: sh was killed by signal 9"),
    ("sh -c 'echo canary; exec sleep 60'", "it: sh took more than 1 seconds"),
  ])
  func whatFailsMayWorkLater(_ command: String, _ message: String) {
    let expected = CredentialsError(message, .unavailable)
    #expect(throws: expected) { try retrieve(command, timeLimit: 1) }
  }

  @Test(arguments: [
    ("", "it is no command; are all quotes closed?"), ("'a", "it is no command; are all quotes closed?"),
    ("'' x", "it is no command; are all quotes closed?"),
    ("/nonexistent/x y", "it: cannot start /nonexistent/x: No such file or directory"),
    ("echo canary", "it printed no JSON object, or something besides it on standard output"),
    ("yes canary", "it: yes printed more than 1048576 bytes"),
  ])
  func whatIsWrongStaysWrong(_ command: String, _ message: String) {
    let expected = CredentialsError(message)
    #expect(throws: expected) { try retrieve(command) }
  }
}
