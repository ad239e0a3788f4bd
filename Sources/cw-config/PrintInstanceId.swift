internal import ArgumentParser
internal import Config
internal import Unix

struct PrintInstanceId: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "instance-id", abstract: "Print the instance id.",
    discussion: "CW_INSTANCE_ID if it is set, else prefix-serial of agent.instance; its command is run if there is no serial.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    try writeOutput(common.load().instanceId() + "\n")
  }
}
