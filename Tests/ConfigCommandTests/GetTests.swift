import Testing
import Unix

@testable import Config
@testable import ConfigCommand

struct GetTests {
  private let configuration: Configuration

  init() throws {
    let text = """
      {"agent": {"instance": {"prefix": "rpi", "serial": "1"}, "region": "eu-west-1", "debug": true, "authentication":
        {"userPoolId": "eu-west-1_a", "identityPoolId": "eu-west-1:b", "appClientId": "c", "password": "canary",
         "appClientSecret": "canary"}},
       "logs": {"log_stream_name": "{hostname} of {instance_id}", "retention_in_days": -1, "tags": {"b": "2", "a": "1"},
                "logs_collected": {"files": {"collect_list": [{"file_path": "/a"}, {"file_path": "/b c"}]},
                                   "journal": {"include_patterns": ["x\\\\d", "y"], "priority": 4, "log_group_name": "j/{instance_id}"},
                                   "journald": {"collect_list": [{"units": ["ssh"]}]}}}}
      """
    configuration = try ConfigurationFile(path: "f", text: Array(text.utf8)).configuration
  }

  @Test(arguments: [
    ("agent.logfile", "/opt/aws/amazon-cloudwatch-publisher/logs/amazon-cloudwatch-publisher.log\n"), ("agent.region", "eu-west-1\n"),
    ("agent.debug", "true\n"), ("agent.metrics_collection_interval", "300\n"), ("metrics.namespace", "System/Default\n"),
    ("logs.log_group_name", "/system/default/rpi-1\n"), ("logs.retention_in_days", "-1\n"),

    ("logs.tags", "{\n  \"a\": \"1\",\n  \"b\": \"2\"\n}\n"), ("logs.log_group_class", ""),
    ("logs.logs_collected.journal.priority", "warning\n"), ("logs.logs_collected.journal.log_group_name", "j/rpi-1\n"),
    (
      "logs.logs_collected.journald.collect_list",
      "{\n  \"units\": [\n    \"ssh\"\n  ],\n  \"priority\": \"info\",\n  \"matches\": [],\n  \"include_patterns\": [],\n  \"exclude_patterns\": []\n}\n"
    ),
    ("logs.logs_collected.files.collect_list", "/a\n/b c\n"),
    ("logs.logs_collected.journal.collect", "true\n"), ("logs.logs_collected.journal.include_patterns", "x\\d\ny\n"),
    ("logs.logs_collected.journal.exclude_patterns", ""), ("agent.authentication.userPoolId", "eu-west-1_a\n"),
    ("agent.authentication.iotUrl", ""),
    ("agent.instance", "{\n  \"prefix\": \"rpi\",\n  \"serial\": \"1\",\n  \"command\": \"echo 000000000000\"\n}\n"),
  ])
  func printsTheValueInEffect(_ key: String, _ answer: String) throws {
    #expect(Get.validationError(about: key) == nil)
    #expect(try Get.answer(key, configuration, environment: { _ in nil }) == answer)
  }

  @Test func putsNamesIntoGroupsAndStreams() throws {
    let answer = try Get.answer("logs.log_stream_name", configuration, environment: { _ in nil })
    #expect(answer == hostName() + " of rpi-1\n")
  }

  @Test func everyKeyHasAnAnswerAndNoneHasThePassword() throws {
    for key in Schema.known where !key.contains("[]") {
      #expect(try !Get.answer(key, configuration, environment: { _ in nil }).contains("canary"), "\(key)")
    }
  }

  @Test func runsTheCommandOnlyWhereTheIdIsNeeded() throws {
    var configuration = Configuration()
    configuration.agent.instance.command = "exit 1"
    #expect(throws: ConfigurationError.self) { try Get.answer("logs.log_group_name", configuration, environment: { _ in nil }) }
    configuration.logs.logGroupName = "/fixed"
    #expect(try Get.answer("logs.log_group_name", configuration, environment: { _ in nil }) == "/fixed\n")
    #expect(try Get.answer("logs.logs_collected.files.collect_list", configuration) == "")
    #expect(try Get.answer("logs.logs_collected.journal.collect", configuration) == "false\n")
  }

  @Test(arguments: [
    ("agent.logfle", "unknown key agent.logfle; did you mean agent.logfile?"),
    ("log_group_name", "unknown key log_group_name; did you mean logs.log_group_name?"),
    ("nothing.like.it", "unknown key nothing.like.it"), ("", "unknown key "), ("agent.", "unknown key agent."),
    ("logs.log_stream_nam", "unknown key logs.log_stream_nam; did you mean logs.log_stream_name?"),
    ("logs.logs_collected.files.collect_list[].file_path", "unknown key logs.logs_collected.files.collect_list[].file_path"),
    ("agent.authentication.password", "agent.authentication.password is never printed"),
    ("agent.authentication.appClientSecret", "agent.authentication.appClientSecret is never printed"),
  ])
  func refusesOtherKeys(_ key: String, _ validationError: String) {
    #expect(Get.validationError(about: key) == validationError)
  }
}
