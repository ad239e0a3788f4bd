import Testing

@testable import AWS

@Suite struct SharedConfigTests {
  private func config(_ text: String) throws -> SharedConfig {
    var shared = SharedConfig()
    try shared.readConfig(text, name: "config")
    return shared
  }

  @Test func profilesAndOtherSections() throws {
    let shared = try config(
      """
      # a comment
      [default]
      Region = eu-central-1
      [profile lab]
      region=us-east-1
      services = local
      [profile "two words"]
      region = eu-west-1
      [services local]
      cloudwatch_logs =
        endpoint_url = http://127.0.0.1:4566
      [sso-session corp]
      sso_region = us-east-1
      """)
    #expect(shared.profiles["default"] == ["region": "eu-central-1"])
    #expect(shared.profiles["lab"]?["region"] == "us-east-1")
    #expect(shared.profiles["two words"]?["region"] == "eu-west-1")
    #expect(shared.otherSections["services local"]?["cloudwatch_logs.endpoint_url"] == "http://127.0.0.1:4566")
    #expect(shared.profiles["sso-session corp"] == nil)
  }

  @Test func theCredentialsFileWins() throws {
    var shared = try config("[profile a]\naws_access_key_id = 1\nregion = x\n")
    try shared.readCredentials("[a]\r\naws_access_key_id = 2\r\naws_secret_access_key = k=+/;#\r\n", name: "credentials")
    #expect(shared.profiles["a"] == ["aws_access_key_id": "2", "aws_secret_access_key": "k=+/;#", "region": "x"])
  }

  @Test(arguments: [
    ("region = x", "config line 1: a key before the first [section]"),
    ("[default\nregion = x", "config line 1: a section without ]"),
    ("[default]\n\nregion", "config line 3: no 'key = value'"),
  ])
  func mistakes(_ text: String, _ message: String) {
    #expect { try config(text) } throws: { ($0 as? SharedConfig.Malformed)?.message == message }
  }

  @Test func missingFilesAreEmpty() throws {
    #expect(try SharedConfig.load { $0 == "HOME" ? "/nonexistent" : nil } == SharedConfig())
  }
}
