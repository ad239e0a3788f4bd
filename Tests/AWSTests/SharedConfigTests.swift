import TestSupport
import Testing
import Unix

@testable import AWS

@Suite struct SharedConfigTests {
  private func config(_ text: String) throws -> SharedConfig {
    var shared = SharedConfig()
    try shared.readConfig(Array(text.utf8), name: "config")
    return shared
  }

  /// Each file of `Tests/fixtures/shared-config`, and what botocore understands of it.
  @Test func agreesWithBotocore() throws {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let cases = try #require(JSONValue(TextFile.read("/\(tests)/fixtures/shared-config/botocore.json"))["cases"]).elements
    #expect(cases.count > 60)
    for example in cases {
      // Each character is a byte.
      func bytes(_ file: String) -> [UInt8] {
        (example[file]?.string ?? "").unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
      }
      func sections(_ key: String) -> [String: SharedConfig.Section]? {
        guard case .object(let sections)? = example[key] else { return nil }
        return sections.mapValues { keys in if case .object(let keys) = keys { keys.compactMapValues(\.string) } else { [:] } }
      }
      var shared = SharedConfig()
      let error = thrown(CommandError.self) {
        try shared.readConfig(bytes("config"), name: "config")
        try shared.readCredentials(bytes("credentials"), name: "credentials")
      }
      #expect((error != nil) == (example["refused"] != nil), "\(example)")
      guard error == nil else { continue }
      #expect(shared.profiles == sections("profiles"), "\(example)")
      #expect(shared.credentialsProfiles == sections("credentialsProfiles"), "\(example)")
      #expect(shared.otherSections == sections("others"), "\(example)")
    }
  }

  /// What botocore refuses or misses, and no reader can take for anything else.
  @Test(arguments: [
    "\u{FEFF}[default]\nregion = x\n", "[ default ]\nregion = x\n", "# caf\u{E9}\n[default]\nregion = x\n",
    "[profilex default]\nregion = y\n[default]\nregion = x\n",
  ])
  func isKinderThanBotocore(_ text: String) throws {
    var shared = SharedConfig()
    // As Latin-1, but for the mark.
    let bytes = text.unicodeScalars.flatMap { $0.value < 0x100 ? [UInt8($0.value)] : Array(String($0).utf8) }
    try shared.readConfig(bytes, name: "config")
    #expect(shared.profiles == ["default": ["region": "x"]])
  }

  @Test func tellsTheFilesApart() throws {
    var shared = try config("[profile a]\naws_access_key_id = 1\nregion = x\n[profile b]\nregion = y\n")
    try shared.readCredentials(Array("[a]\r\naws_access_key_id = 2\r\naws_secret_access_key = k=+/;#\r\n".utf8), name: "credentials")
    #expect(shared.profiles["a"] == ["aws_access_key_id": "2", "aws_secret_access_key": "k=+/;#", "region": "x"])
    #expect(shared.configProfiles["a"] == ["aws_access_key_id": "1", "region": "x"])
    #expect(shared.credentialsProfiles == ["a": ["aws_access_key_id": "2", "aws_secret_access_key": "k=+/;#"]])
  }

  @Test(arguments: [
    ("region = x", "config line 1: a key before the first [section]"),
    ("[default\nregion = x", "config line 1: a section without ]"), ("[ ]\n", "config line 1: a section without a name"),
    ("[default]\n\nregion", "config line 3: no 'key = value'"), ("[default]\n: x", "config line 2: no 'key = value'"),
    ("[default]\ns3 =\n  # c\n  a\n", "config line 4: no 'key = value' under s3"),
    ("[a]\r\n[b]\r\n[a]\r\n", "config line 3: the section [a] is there twice, first in line 1; join the two"),
    ("[a]\nb=1\nc=2\nB=3\n", "config line 4: the key b is there twice in [a], first in line 2; leave one"),
  ])
  func mistakes(_ text: String, _ message: String) {
    #expect { try config(text) } throws: { ($0 as? CommandError)?.message == message }
  }

  @Test func bytesThatAreNoTextAreRefusedWhereTheyCount() {
    var shared = SharedConfig()
    let error = thrown(CommandError.self) { try shared.readConfig(Array("[default]\na=".utf8) + [0xFF, 0x0A], name: "config") }
    #expect(error?.message == "config line 2: not UTF-8")
  }

  @Test func missingFilesAreEmpty() throws {
    #expect(try SharedConfig.load { $0 == "HOME" ? "/nonexistent" : nil } == SharedConfig())
  }

  @Test(arguments: [
    ("~/x", "/home/u/x"), ("~", "/home/u"), ("$DIR/x", "/dir/x"), ("${DIR}x$", "/dirx$"),
    ("/a/$NONE/${NONE}/${DIR", "/a/$NONE/${NONE}/${DIR"),
    ("$HOME/x~", "/home/u/x~"), ("/a/~/b", "/a/~/b"), ("", "/home/u/.aws/config"),
  ])
  func placesAreExpanded(_ value: String, _ path: String) {
    let variables = ["HOME": "/home/u", "DIR": "/dir", "AWS_CONFIG_FILE": value].filter { !$0.value.isEmpty }
    #expect(SharedConfig.configPath { variables[$0] } == path)
  }

  @Test func theHomeOfAServiceWithoutHOMEIsThatOfItsUser() throws {
    let home = try #require(homeDirectory { _ in nil })
    #expect(home.hasPrefix("/"))
    #expect(SharedConfig.credentialsPath { _ in nil } == "\(home)/.aws/credentials")
  }

  @Test func warnsOfKeysThatOthersCanRead() throws {
    let folder = try TemporaryFolder()
    try folder.append("credentials", "[default]\nAWS_SECRET_ACCESS_KEY = canary\n")
    try folder.append("config", "[default]\nregion = x\n")
    let path = folder.file("credentials")
    let variables = ["AWS_CONFIG_FILE": folder.file("config"), "AWS_SHARED_CREDENTIALS_FILE": path]
    #expect(
      try SharedConfig.load { variables[$0] }.warnings == [
        "\(path) holds keys, and its mode 644 lets others read them; chmod 600 \(path)"
      ])
    #expect(chmod(path, 0o600) == 0)
    #expect(try SharedConfig.load { variables[$0] }.warnings == [])
  }

  @Test func aHugeFileIsNoneOfThese() throws {
    let folder = try TemporaryFolder()
    try folder.append("config", String(repeating: "# comment\n", count: SharedConfig.limit / 10 + 1))
    let variables = ["AWS_CONFIG_FILE": folder.file("config"), "HOME": folder.path]
    #expect(thrown(SystemError.self) { _ = try SharedConfig.load { variables[$0] } }?.code == EFBIG)
  }
}
