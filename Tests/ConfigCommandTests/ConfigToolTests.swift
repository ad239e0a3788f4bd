import ArgumentParser
import Testing
import Unix

@testable import ConfigCommand

struct ConfigToolTests {
  @Test(arguments: [
    ["check", "-c", "f", "-v"], ["show", "-vc", "f"], ["instance-id", "--verbose", "--config", "f"],
    ["get", "agent.logfile", "-c", "f", "-v"],
  ])
  func optionsFollowTheSubcommand(_ arguments: [String]) throws {
    let command = try ConfigTool.parseAsRoot(arguments)
    let common =
      (command as? Check)?.common ?? (command as? Show)?.common ?? (command as? Get)?.common ?? (command as? PrintInstanceId)?.common
    #expect(common?.config == "f")
    #expect(common?.verbose == true)
  }

  @Test func theOriginalsPathIsTheDefault() throws {
    let command = try #require(try ConfigTool.parseAsRoot(["check"]) as? Check)
    #expect(command.common.path == "/opt/aws/amazon-cloudwatch-publisher/etc/amazon-cloudwatch-publisher.json")
  }

  @Test(arguments: ["check", "show", "instance-id"]) func aDashIsStandardInput(_ name: String) throws {
    let command = try ConfigTool.parseAsRoot([name, "-c", "-"])
    let common = (command as? Check)?.common ?? (command as? Show)?.common ?? (command as? PrintInstanceId)?.common
    #expect(common?.path == "-")
  }

  @Test(arguments: [
    ["get"], ["get", "agent.logfle"], ["get", "agent.authentication.password"], ["check", "x"], ["bogus"], ["fill"],
    ["fill", "t", "--instance-id", "nodash"], ["fill", "t", "--instance-id", "a-b/c"], ["fill", "t", "-c", "f"],
  ])
  func refusesAWrongCommandLine(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try ConfigTool.parseAsRoot(arguments) }
  }
}
