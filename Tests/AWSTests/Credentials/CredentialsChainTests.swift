import Testing
import TestSupport
import Unix
@testable import AWS

/// Shared files in a directory of their own, and an environment that points at them.
struct SharedFiles {
  let folder: TemporaryFolder
  let variables: [String: String]

  init(config: String = "", credentials: String = "", _ variables: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    try folder.append("config", config)
    try folder.append("credentials", credentials)
    let places = [
      "AWS_CONFIG_FILE": folder.file("config"), "AWS_SHARED_CREDENTIALS_FILE": folder.file("credentials"), "HOME": folder.path,
    ]
    self.variables = variables.merging(places) { $1 }
  }

  func context(profile: String? = nil, region: String? = "eu-west-1") throws -> CredentialsContext {
    let environment: Environment = { [variables] in variables[$0] }
    return CredentialsContext(
      environment: environment, shared: try SharedConfig.load(environment: environment), profile: profile, region: region,
      calls: ProviderClient {
        ClientOptions(region: $0, retryPolicy: RetryPolicy(maximumAttempts: 1, repeatsUncertain: true), userAgent: "")
      })
  }

  func provider(profile: String? = nil) throws -> any CredentialsProvider { try CredentialsChain.find(context(profile: profile)) }

  func key(profile: String? = nil) throws -> String {
    var memory: [String: String] = [:]
    return try provider(profile: profile).retrieve(&memory).accessKeyId
  }

  func message(profile: String? = nil) -> String? {
    do {
      _ = try provider(profile: profile)
      return nil
    } catch {
      return (error as? any Failure)?.message
    }
  }
}

@Suite struct CredentialsChainTests {
  private let file =
    "[default]\naws_access_key_id=D\naws_secret_access_key=d\n[lab]\naws_access_key_id=L\naws_secret_access_key=l\naws_session_token=t\n"
  private let keys = ["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e"]

  @Test func order() throws {
    #expect(try SharedFiles(credentials: file, keys).key() == "E")
    // AWS_PROFILE does not put the environment's keys out of play, --profile does.
    #expect(try SharedFiles(credentials: file, keys.merging(["AWS_PROFILE": "lab"]) { $1 }).key() == "E")
    #expect(try SharedFiles(credentials: file, keys).key(profile: "lab") == "L")
    #expect(try SharedFiles(credentials: file, ["AWS_PROFILE": "lab"]).key() == "L")
    #expect(try SharedFiles(credentials: file).key() == "D")
    #expect(try SharedFiles(config: "[profile x]\naws_access_key_id=X\naws_secret_access_key=x").key(profile: "x") == "X")
  }

  private static let staticKeys = "aws_access_key_id = A\naws_secret_access_key = a\n"
  private static let role = "role_arn = arn:aws:iam::1:role/r\n"

  /// In the config file, and the beginning of what is found.
  // Not in the macro, which would be more than the compiler of Swift 6.0.3 can take.
  private static let goodFiles: [(String, String)] = [
    ("[default]\n\(role)source_profile = p\n[profile p]\n\(staticKeys)", "the role arn:aws:iam::1:role/r, by way of the keys of"),
    // A profile may name itself if it has keys.
    ("[default]\n\(role)source_profile = default\n\(staticKeys)", "the role arn:aws:iam::1:role/r, by way of the keys of"),
    ("[default]\n\(role)credential_source = Environment\n", "the role arn:aws:iam::1:role/r, by way of the environment"),
    ("[default]\n\(role)web_identity_token_file = /t\n", "the role arn:aws:iam::1:role/r, by the token in /t"),
    (
      "[default]\nrole_arn = b\nsource_profile = p\n[profile p]\nrole_arn = c\nsource_profile = q\n[profile q]\n\(staticKeys)",
      "the role b, by way of the role c, by way of the keys of profile 'q'"
    ),
    (
      "[default]\nsso_account_id = 1\nsso_role_name = R\nsso_start_url = u\nsso_region = eu-west-1\n",
      "R in account 1 of IAM Identity Center"
    ),
    ("[default]\nlogin_session = x\n\(staticKeys)", "aws login"),
    ("[default]\ncredential_process = x\n\(staticKeys)", "credential_process"),
    ("[default]\nregion = x\n\(staticKeys)", "the keys of profile 'default' in the config file"),
    ("[default]\nec2_metadata_service_endpoint_mode = IPv4\n", "the instance metadata service http://169.254.169.254"),
    ("[default]\n\(role)credential_source = Ec2InstanceMetadata\n", "the role arn:aws:iam::1:role/r, by way of the instance metadata"),
  ]

  @Test(arguments: goodFiles)
  func providers(_ config: String, _ name: String) throws {
    let found = try SharedFiles(config: config).provider()
    #expect(found.name.hasPrefix(name), "\(found.name)")
  }

  private static let badFiles: [(String, String)] = [
    ("[default]\n\(role)", "has a role_arn, and neither source_profile nor credential_source"),
    ("[default]\n\(role)source_profile = x\ncredential_source = Environment\n", "has both"),
    ("[default]\n\(role)source_profile = x\n", "the source_profile 'x' of profile 'default' is in neither"),
    ("[default]\n\(role)source_profile = p\n[profile p]\nregion = x\n", "has no credentials"),
    ("[default]\n\(role)credential_source = Moon\n", "'Moon'"),
    ("[default]\n\(role)source_profile = p\nmfa_serial = m\n", "mfa_serial"),
    ("[default]\n\(role)source_profile = default\nduration_seconds = 5\n", "duration_seconds"),
    ("[default]\n\(role)source_profile = default\n", "in a circle"),
    ("[default]\n\(role)source_profile = p\n[profile p]\nrole_arn = x\nsource_profile = default\n", "default, p, default are"),
    ("[default]\n\(role)credential_source = EcsContainer\n", "no container"),
    ("[default]\nweb_identity_token_file = /t\n", "no role for it"),
    ("[default]\naws_access_key_id = A\n", "without aws_secret_access_key"),
    ("[default]\nsso_account_id = 1\nsso_role_name = R\nsso_session = s\n", "no section [sso-session s]"),
    ("[default]\nsso_account_id = 1\nsso_role_name = R\n", "neither sso_session nor sso_start_url"),
  ]

  @Test(arguments: badFiles)
  func mistakes(_ config: String, _ words: String) throws {
    let message = try #require(try SharedFiles(config: config).message())
    #expect(message.contains(words), "\(message)")
  }

  @Test(arguments: [
    (["AWS_ACCESS_KEY_ID": "E"], "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not; set both or neither"),
    (["AWS_PROFILE": "none"], "the profile 'none' is in neither ~/.aws/config nor ~/.aws/credentials"),
    (["AWS_EC2_METADATA_DISABLED": "true"], CredentialsChain.none.message),
    (
      ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://example.com"],
      "AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint 'http://example.com' would send data unprotected; "
        + "plain http is for 127.0.0.1 and localhost, use https"
    ),
    (
      ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://169.254.169.254:x@example.com"],
      "AWS_EC2_METADATA_SERVICE_ENDPOINT: the endpoint URL has a user name or password in it; neither is sent to AWS, leave them out"
    ),
  ])
  func mistakesInTheEnvironment(_ variables: [String: String], _ message: String) throws {
    #expect(try SharedFiles(variables).message() == message)
  }

  /// What the firmware says, and whether the address of the instance metadata service is asked: elsewhere it is anybody's.
  @Test(
    arguments: [
      ([:], [:], false), (["class/dmi/id/sys_vendor": "QEMU\n", "class/dmi/id/product_uuid": "e0c2\n"], [:], false),
      (["class/dmi/id/sys_vendor": "Amazon EC2\n"], [:], true), (["class/dmi/id/product_uuid": "EC2F58F3-0\n"], [:], true),
      (["class/dmi/id/product_serial": "ec2f58f3-0\n"], [:], true), (["class/dmi/id/board_asset_tag": "i-0abc\n"], [:], true),
      (["hypervisor/uuid": "ec2f58f3-0\n"], [:], true), (["hypervisor/uuid": "f58f3ec2\n"], [:], false),
      (["class/dmi/id/sys_vendor": "Amazon EC2\n"], ["AWS_EC2_METADATA_DISABLED": "TRUE"], false),
      ([:], ["AWS_EC2_METADATA_DISABLED": "false"], true), ([:], ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"], true),
      ([:], ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], true), ([:], ["AWS_METADATA_SERVICE_TIMEOUT": "1"], false),
    ] as [([String: String], [String: String], Bool)])
  func onlyAnInstanceAsksTheMetadataService(_ board: [String: String], _ variables: [String: String], _ asks: Bool) throws {
    let files = try SharedFiles(variables)
    for folder in ["sys", "sys/class", "sys/class/dmi", "sys/class/dmi/id", "sys/hypervisor"] { try files.folder.makeFolder(folder) }
    for (name, text) in board { try files.folder.append("sys/\(name)", text) }
    var context = try files.context()
    context.sysfs = files.folder.file("sys")
    if asks {
      #expect(try CredentialsChain.find(context).name.hasPrefix("the instance metadata service http://"))
    } else {
      #expect(thrown(CredentialsError.self) { _ = try CredentialsChain.find(context) }?.message == CredentialsChain.none.message)
    }
  }

  /// Whoever could have written the file would have his command run.
  @Test func aFileThatOthersCanWriteRunsNothing() throws {
    let text = "[default]\ncredential_process = printf 'x' >ran\n"
    for (config, credentials, name) in [(text, "", "config"), ("", text, "credentials")] {
      let files = try SharedFiles(config: config, credentials: credentials)
      #expect(chmod(files.folder.file(name), 0o666) == 0)
      let error = thrown(CredentialsError.self) { _ = try files.provider() }
      let path = files.folder.file(name)
      #expect(
        error?.message
          == "credential_process of profile 'default' is not run: the mode 666 of \(path) lets others write; chmod go-w \(path)")
      #expect(error?.status == .badConfiguration)
      #expect(chmod(path, 0o644) == 0)
      #expect(try files.provider().name.hasPrefix("credential_process"))
    }
  }

  @Test func aMissingProfileIsAConfigurationThatCannotWork() throws {
    let files = try SharedFiles(credentials: file)
    #expect(thrown(CredentialsError.self) { _ = try files.provider(profile: "none") }?.status == .badConfiguration)
  }

  /// Who mends the keys of a refused role need not wait.
  @Test func aRoleIsAskedForAgainWhenItsProfileChanges() throws {
    let files = try SharedFiles(config: "[default]\n" + Self.role + "source_profile = default\n" + Self.staticKeys)
    let inputs = try files.provider().inputs
    #expect(inputs.contains(files.folder.file("config")) && inputs.contains(files.folder.file("credentials")))
  }

  @Test func theWalkSaysWhyItWentOn() throws {
    let steps = try CredentialsChain.walk(SharedFiles(credentials: file).context())
    let reasons = steps.compactMap { if case .nothing(let reason) = $0.result { reason } else { nil } }
    #expect(reasons.first == "AWS_ACCESS_KEY_ID is not set" && reasons.count == steps.count - 1)
    #expect(steps.last?.title == "keys in the credentials file")
  }

  @Test(arguments: [
    (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x/y"], "http://169.254.170.2", "/x/y"),
    (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:99/c?d=e"], "http://127.0.0.1:99", "/c?d=e"),
    (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"], "http://169.254.170.23", "/v1/credentials"),
    (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://[fd00:ec2::23]/v1"], "http://[fd00:ec2::23]", "/v1"),
    (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://example.com"], "https://example.com", "/"),
  ])
  func containers(_ variables: [String: String], _ url: String, _ path: String) throws {
    let target = try ContainerCredentials.target { variables[$0] }
    #expect(target.0.url == url && target.path == path)
  }

  @Test(arguments: [
    "http://example.com/", "ftp://127.0.0.1/", "http://169.254.170.2.example.com/", "http://127.0.0.1/a b", "http://u@127.0.0.1/",
    "http://169.254.170.2:x@example.com/", "http://[fd00:ec2::23]:@example.com/", "http://169.254.170.2:80:80/",
  ])
  func noContainers(_ url: String) {
    #expect(throws: CredentialsError.self) {
      try ContainerCredentials.target { $0 == "AWS_CONTAINER_CREDENTIALS_FULL_URI" ? url : nil }
    }
  }
}
