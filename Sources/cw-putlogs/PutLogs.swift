package import ArgumentParser
internal import Tool

package struct PutLogs: ParsableCommand {
  package static let configuration = CommandConfiguration(commandName: "cw-putlogs", version: toolkitVersion)

  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {}
}
