@testable import AWS
import TestSupport
import Testing
import Unix

@testable import CredsCommand

@Suite struct CredentialsFormatTests {
  private static let keys = AWSCredentials(accessKeyId: "AKID", secretAccessKey: "s/+=")
  private static let full = AWSCredentials(
    accessKeyId: "ASIA", secretAccessKey: "q\"\\\u{1}\u{e4}", sessionToken: "t", expiration: 1_767_582_245_999, accountId: "123456789012")

  @Test(arguments: [
    (keys, #"{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s/+="}"#),
    (
      full,
      #"{"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"q\"\\\u0001ä","SessionToken":"t","Expiration":"2026-01-05T03:04:05Z","AccountId":"123456789012"}"#
    ),
  ])
  func process(_ credentials: AWSCredentials, _ line: String) throws {
    let text = CredentialsFormat.process(credentials)
    #expect(text.text == line + "\n")
    #expect(try JSONValue(text.array)["SecretAccessKey"]?.string == credentials.secretAccessKey)
  }

  @Test func env() throws {
    #expect(
      try CredentialsFormat.env(Self.keys).text == """
        export AWS_ACCESS_KEY_ID='AKID'
        export AWS_SECRET_ACCESS_KEY='s/+='
        unset AWS_SESSION_TOKEN
        unset AWS_SECURITY_TOKEN
        unset AWS_CREDENTIAL_EXPIRATION
        unset AWS_ACCOUNT_ID

        """)
    #expect(
      try CredentialsFormat.env(Self.full).text.hasSuffix(
        "\nexport AWS_CREDENTIAL_EXPIRATION='2026-01-05T03:04:05Z'\nexport AWS_ACCOUNT_ID='123456789012'\n"))
  }

  @Test(arguments: [
    "it's", "'", "''", "$(touch x)`id`", "\\", "\\'", "a b\tc", "\r", "*?[~", "!!", "\u{e4}\u{1F600}", "#x", "-n", "\u{1}\u{7f}",
    "\"$HOME\"", "; exit 7",
  ])
  func aShellReadsBackEveryValue(_ value: String) throws {
    let credentials = AWSCredentials(accessKeyId: "A", secretAccessKey: value, sessionToken: value)
    let lines = try CredentialsFormat.env(credentials).text
    let script = lines + #"printf '%s|%s' "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN""#
    let result = try ChildProcess.run(["/bin/sh", "-c", script], outputLimit: 1000, seconds: 10)
    #expect(result.termination == .exited(0))
    #expect(result.output == Array("\(value)|\(value)".utf8))
  }

  @Test(arguments: ["a\nb", "\n", "a\0", "\r\n"])
  func whatCannotBeAKeyIsRefusedWithoutShowingIt(_ value: String) {
    for credentials in [
      AWSCredentials(accessKeyId: "A", secretAccessKey: value), AWSCredentials(accessKeyId: value, secretAccessKey: "canary"),
    ] {
      let error = thrown(CredentialsError.self) { _ = try CredentialsFormat.env(credentials) }
      #expect(error?.message.hasSuffix("which cannot be a part of a key; nothing is printed") == true)
    }
  }
}
