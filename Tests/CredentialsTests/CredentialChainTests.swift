import AWS
import TestSupport
import Testing

@testable import Credentials

/// Shared files in a directory of their own, and an environment that points at them.
private struct Machine {
  let folder: TemporaryFolder
  let variables: [String: String]

  init(config: String = "", credentials: String = "", _ variables: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    try folder.append("config", config)
    try folder.append("credentials", credentials)
    let places = ["AWS_CONFIG_FILE": folder.file("config"), "AWS_SHARED_CREDENTIALS_FILE": folder.file("credentials")]
    self.variables = variables.merging(places) { $1 }
  }

  func chain(profile: String? = nil) -> CredentialChain { CredentialChain(profile: profile) { [self] in variables[$0] } }
}

@Suite struct CredentialChainTests {
  private let file =
    "[default]\naws_access_key_id=D\naws_secret_access_key=d\n[lab]\naws_access_key_id=L\naws_secret_access_key=l\naws_session_token=t\n"
  private let keys = ["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e"]

  @Test func order() throws {
    #expect(try Machine(credentials: file, keys).chain().credentials().accessKeyId == "E")
    // AWS_PROFILE does not put the environment's keys out of play, --profile does.
    #expect(try Machine(credentials: file, keys.merging(["AWS_PROFILE": "lab"]) { $1 }).chain().credentials().accessKeyId == "E")
    #expect(try Machine(credentials: file, keys).chain(profile: "lab").credentials().sessionToken == "t")
    #expect(try Machine(credentials: file, ["AWS_PROFILE": "lab"]).chain().credentials().accessKeyId == "L")
    #expect(try Machine(credentials: file).chain().credentials().accessKeyId == "D")
    #expect(
      try Machine(config: "[profile x]\naws_access_key_id=X\naws_secret_access_key=x").chain(profile: "x").credentials().accessKeyId == "X")
  }

  @Test(arguments: [
    (["AWS_ACCESS_KEY_ID": "E"], "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not; set both or neither"),
    (["AWS_PROFILE": "none"], "the profile 'none' is in neither ~/.aws/config nor ~/.aws/credentials"),
  ])
  func mistakes(_ variables: [String: String], _ message: String) throws {
    let chain = try Machine(credentials: file, variables).chain()
    #expect { try chain.credentials() } throws: { ($0 as? CredentialsError)?.message == message }
  }

  @Test(arguments: ["role_arn", "credential_process", "sso_session"])
  func aSourceThatIsNotThereYetIsNamed(_ key: String) throws {
    let chain = try Machine(config: "[default]\n\(key) = x\n").chain()
    #expect { try chain.credentials() } throws: {
      ($0 as? CredentialsError)?.message == "profile 'default' gets its credentials by \(key), which this version does not support yet"
    }
  }

  @Test func aRoleIsNotReplacedByTheKeysThatWouldAssumeIt() throws {
    let keys = "aws_access_key_id = A\naws_secret_access_key = a\n"
    #expect(throws: CredentialsError.self) { try Machine(config: "[default]\nrole_arn = x\n" + keys).chain().credentials() }
    #expect(try Machine(config: "[default]\ncredential_process = x\n" + keys).chain().credentials().accessKeyId == "A")
  }

  @Test func nothingAtAll() throws {
    let chain = try Machine().chain()
    #expect(throws: CredentialsError.self) { try chain.credentials() }
  }

  @Test func newKeysInTheFileAreSeenAfterARefusal() throws {
    let machine = try Machine(credentials: file)
    let chain = machine.chain()
    _ = try chain.credentials()
    try machine.folder.overwrite("credentials", "[default]\naws_access_key_id=N\naws_secret_access_key=n\n")
    #expect(try chain.credentials().accessKeyId == "D")
    chain.invalidate()
    #expect(try chain.credentials().accessKeyId == "N")
  }
}
