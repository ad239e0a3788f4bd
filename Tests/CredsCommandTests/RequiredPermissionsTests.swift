import ArgumentParser
import AWS
import Config
import TestSupport
import Testing
import Unix

@testable import CredsCommand

@Suite struct RequiredPermissionsTests {
  private func needs(_ text: String) throws -> RequiredPermissions {
    let configuration = try ConfigurationFile(path: "f", text: Array(text.utf8)).configuration
    let session = try AWSSession(AWSOptions.parse(["--region", "eu-west-1"]), environment: { _ in nil })
    return try RequiredPermissions(configuration, session, now: 1_795_341_600_000)
  }

  private let text = """
    {"metrics": {"namespace": "N"}, "logs": {"log_group_name": "/own", "retention_in_days": 7, "logs_collected": {"files": {"collect_list": [
      {"file_path": "/a"}, {"file_path": "/b", "log_group_name": "/other", "log_group_class": "INFREQUENT_ACCESS",
       "kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/1", "tags": {"team": "lab"}}]}}}}
    """

  @Test func whatThePublisherCalls() throws {
    let calls = try needs(text).calls.map { "\($0.action) \($0.group ?? "")" }
    #expect(
      calls == [
        "logs:CreateLogGroup /own", "logs:CreateLogStream /own", "logs:PutLogEvents /own", "logs:PutRetentionPolicy /own",
        "logs:CreateLogGroup /other", "logs:CreateLogStream /other", "logs:PutLogEvents /other", "cloudwatch:PutMetricData ",
      ])
  }

  /// Class and key of a group are for ever.
  @Test func aGroupIsMadeWithAllThatTheConfigurationGivesIt() throws {
    let request = try #require(try needs(text).calls.first { $0.group == "/other" }?.request)
    let json = try JSONValue(request.body.array)
    #expect(json["logGroupClass"]?.string == "INFREQUENT_ACCESS" && json["tags"]?["team"]?.string == "lab")
    #expect(json["kmsKeyId"]?.string == "arn:aws:kms:eu-west-1:123456789012:key/1")
  }

  /// CloudWatch Logs takes two weeks, CloudWatch as much.
  @Test func nothingThatIsSentIsKept() throws {
    let calls = try needs(text).calls
    let event = try JSONValue(try #require(calls.first { $0.action == "logs:PutLogEvents" }?.request).body.array)
    let month = 30.0 * 86_400
    #expect(event["logEvents"]?.elements.first?["timestamp"]?.number == (1_795_341_600 - month) * 1000)
    let datum = try JSONValue(try #require(calls.last?.request).body.array)
    #expect(datum["MetricData"]?.elements.first?["Timestamp"]?.number == 1_795_341_600 - month)
  }

  @Test func theLeastPolicy() throws {
    let policy = try JSONValue(Array(needs(text).policy(account: "123456789012").utf8))
    let statements = policy["Statement"]?.elements ?? []
    #expect(
      statements.first?["Action"]?.elements.compactMap(\.string) == [
        "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:PutRetentionPolicy", "logs:TagResource",
      ])
    #expect(statements.first?["Resource"]?.elements.first?.string == "arn:aws:logs:eu-west-1:123456789012:log-group:/own")
    #expect(statements.last?["Condition"]?["StringEquals"]?["cloudwatch:namespace"]?.string == "N")
  }
}
