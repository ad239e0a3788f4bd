import Config
import TestSupport
import Testing

@testable import DeployUsersCommand

@Suite struct DeviceTemplateTests {
  private static let authentication = [
    ("accountId", "123456789012"), ("userPoolId", "eu-west-1_AbC"), ("identityPoolId", "eu-west-1:01234567-89ab-cdef-0123-456789abcdef"),
    ("appClientId", "abc"), ("password", #"aB3!"\x"#),
  ].map { (key: $0, value: JSON.Value.text($1)) }

  private func made(_ template: String, _ id: String) throws -> (JSONValue, ConfigurationFile) {
    let bytes = try ConfigurationTemplate(Array(template.utf8), path: "t.json").configuration(
      id, region: "eu-west-1", authentication: Self.authentication)
    return (try JSONValue(bytes), try ConfigurationFile(path: "made", text: bytes))
  }

  @Test(arguments: [
    ("{}", "rpi-1", "rpi", "1"), ("{}", "a-b-c", "a", "b-c"),
    (#"{"agent":{"instance":{"prefix":"a-b","serial":"9"}}}"#, "a-b-c", "a-b", "c"),
    (#"{"agent":{"instance":{"prefix":"a-b"}}}"#, "a-b-", "a", "b-"), (#"{"agent":{"instance":{"command":"false"}}}"#, "-a-b", "-a", "b"),
    (#"{"agent":null}"#, "x--y", "x", "-y"),
  ])
  func theIdIsTheMachines(_ template: String, _ id: String, _ prefix: String, _ serial: String) throws {
    let (json, file) = try made(template, id)
    #expect(json["agent"]?["instance"]?["prefix"]?.string == prefix)
    #expect(json["agent"]?["instance"]?["serial"]?.string == serial)
    #expect(json["agent"]?["instance"]?["command"] == nil)
    #expect(try file.configuration.instanceId(environment: { _ in nil }) == id)
    #expect(file.diagnostics.isEmpty)
  }

  @Test func theRestStandsAsItIs() throws {
    let template = #"""
      {"agent": {"authentication": {"accountId": "ACCOUNT_ID", "password": "PASSWORD", "iotUrl": "x", "authFlow": "USER_PASSWORD_AUTH"},
       "region": "REGION", "debug": true}, "metrics": {"namespace": "System/A"}, "logs": {"log_group_name": "/x/{instance_id}"}, "own": [1, null]}
      """#
    let (json, _) = try made(template, "rpi-1")
    #expect(json["agent"]?["debug"] == .bool(true))
    #expect(json["agent"]?["region"]?.string == "eu-west-1")
    #expect(json["metrics"]?["namespace"]?.string == "System/A")
    #expect(json["logs"]?["log_group_name"]?.string == "/x/{instance_id}")
    #expect(json["own"]?.elements == [.number(1), .null])
    var expected = Dictionary(uniqueKeysWithValues: Self.authentication.map { ($0.key, JSONValue.string($0.value.word)) })
    expected["authFlow"] = .string("USER_PASSWORD_AUTH")
    #expect(json["agent"]?["authentication"] == .object(expected))
  }

  @Test(arguments: [
    ("{", "t.json:1:2"), ("[]", "t.json"), (#"{"metrics":{"namespace":7}}"#, "t.json:1: metrics.namespace"),
    ("{\n\"logs\":{\"retention_in_days\":\n8}}", "t.json:2: logs.retention_in_days"),
    (#"{"agent":5}"#, "t.json:1: agent: expected an object"),
  ])
  func aTemplateThatCannotWorkIsRefused(_ template: String, _ words: String) {
    #expect(thrown(ConfigurationError.self) { _ = try made(template, "rpi-1") }?.message.hasPrefix(words) == true)
  }

  @Test(arguments: ["alpha", ""]) func idsWithoutTwoParts(_ id: String) {
    #expect(thrown(ConfigurationError.self) { _ = try made("{}", id) } != nil)
  }

  @Test func aNamespaceMayBeTheMachinesOwn() throws {
    let (json, _) = try made(#"{"metrics":{"namespace":"System/{instance_id}"}}"#, "rpi-1")
    #expect(json["metrics"]?["namespace"]?.string == "System/rpi-1")
  }

  /// The groups that are made for a machine: those whose names are known here.
  @Test(
    arguments: [
      (nil, ["/system/rpi-1"]), (#"{"logs":{"log_group_name":"/lab/{instance_id}"}}"#, ["/lab/rpi-1"]),
      (
        #"{"logs":{"log_group_name":"/a/{instance_id}","logs_collected":{"files":{"collect_list":[{"file_path":"/f","log_group_name":"/b/{instance_id}"},"#
          + #"{"file_path":"/g","log_group_name":"/c/{hostname}"},{"file_path":"/h","log_group_name":"/a/{instance_id}"}]}}}}"#,
        ["/a/rpi-1", "/b/rpi-1"]
      ),
    ] as [(String?, [String])])
  func groups(_ template: String?, _ names: [String]) throws {
    let configuration = try template.map { try made($0, "rpi-1").1.configuration }
    #expect(DeviceGroups.names("rpi-1", configuration, patterns: ["/system/{instance_id}", "/system/*/{instance_id}"]) == names)
  }
}
