import Testing
import Unix

@testable import Config

/// The repository's root.
let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

struct ExampleConfigurationTests {
  /// What an installer asks a person for.
  private static let answers = [
    ("IDENTITY_POOL_ID", "eu-west-1:01234567-89ab-cdef-0123-456789abcdef"), ("USER_POOL_ID", "eu-west-1_AbCdEf123"),
    ("ACCOUNT_ID", "123456789012"), ("APP_CLIENT_ID", "a1b2c3d4"), ("IOT_URL", "x.credentials.iot.eu-west-1.amazonaws.com"),
    ("IOT_ROLE_ALIAS", "alias"), ("IOT_THING_NAME", "thing"), ("IOT_CERT_PATH_AND_FILENAME", "/c.pem"),
    ("IOT_KEY_PATH_AND_FILENAME", "/k.pem"), ("REGION", "eu-west-1"),
    ("TRUST_ANCHOR_ARN", anchor), ("PROFILE_ARN", profile), ("ROLE_ARN", role), ("CERT_PATH_AND_FILENAME", "/c.pem"),
    ("KEY_PATH_AND_FILENAME", "/k.pem"),
  ]

  private static func text(_ name: String) throws -> String {
    String(decoding: try TextFile.read("\(repository)/configs/\(name).json"), as: UTF8.self)
  }

  @Test(arguments: [
    ("osx", "osx", "System/OSX", "/system/osx/i"), ("rpi", "rpi", "System/RaspberryPi", "/system/rpi/i"),
    ("iot", "iot", "System/IoTDevice", "/system/iot/i"), ("ssm", "mi", "System/ManagedInstance", "/system/mi/i"),
    ("cognito", "rpi", "System/RaspberryPi", "/system/rpi/i"), ("rolesanywhere", "lab", "System/Lab", "/system/lab/i"),
  ])
  func loadsOnceItIsFilledIn(_ name: String, _ prefix: String, _ namespace: String, _ group: String) throws {
    let text = try Self.text("amazon-cloudwatch-publisher-\(name)")
    let filled = Self.answers.reduce(text) { text, answer in
      text.split(separator: "\"\(answer.0)\"", omittingEmptySubsequences: false).joined(separator: "\"\(answer.1)\"")
    }
    let file = try TemporaryFile(filled)
    let configuration = try Configuration.load(file.path) { Issue.record("\($0)") }
    #expect(configuration.agent.instance.prefix == prefix)
    #expect(configuration.metrics.namespace == namespace)
    let names = configuration.machineNames(environment: { $0 == "CW_INSTANCE_ID" ? "i" : nil })
    #expect(try names.expand(configuration.logs.logGroupName) == group)
    #expect(configuration.agent.authentication != nil)
    #expect(!configuration.logs.files.isEmpty)
  }

  @Test(arguments: ["osx", "rpi", "iot", "ssm", "cognito", "rolesanywhere"])
  func isRefusedBeforeItIsFilledIn(_ name: String) throws {
    let errors = try file(Self.text("amazon-cloudwatch-publisher-\(name)")).errors
    #expect(errors.contains { $0.text.hasPrefix("agent.region: ") })
  }

  @Test func minimalLoadsAsItIs() throws {
    let configuration = try Configuration.load("\(repository)/configs/minimal.json") { Issue.record("\($0)") }
    #expect(configuration.logs.journal.collect)
    #expect(configuration.logs.files.map(\.filePath) == ["/var/log/*.log"])
    #expect(try configuration.instanceId(environment: { _ in nil }).hasPrefix("sys-"))
  }

  @Test func journalOnlyLoadsAsItIs() throws {
    let logs = try Configuration.load("\(repository)/configs/journal-only.json") { Issue.record("\($0)") }.logs
    #expect(logs.files.isEmpty)
    #expect(logs.journals.map(\.source) == ["journal:units=ssh.service;priority=info", "journal:units=cron.service;priority=warning"])
  }

  @Test func agentStyleLoadsAsItIs() throws {
    let logs = try Configuration.load("\(repository)/configs/agent-style.json") { Issue.record("\($0)") }.logs
    #expect(logs.files.map(\.settings.logGroupName) == ["/web/access", "/web/app", nil])
    #expect(logs.files[0].settings.filters.map(\.type) == [.exclude, .include])
    #expect(
      logs.journals.map(\.source) == ["journal:units=ssh.service;priority=info", "journal:priority=warning;matches=_TRANSPORT=kernel"])
  }

  @Test func agentMetricsLoadsAsItIs() throws {
    let metrics = try Configuration.load("\(repository)/configs/agent-metrics.json") { Issue.record("\($0)") }.metrics
    #expect(metrics.collected?.map(\.name) == ["cpu", "mem", "swap", "disk", "diskio", "net", "netstat"])
    #expect(metrics.aggregationDimensions == [["InstanceId"]])
  }
}
