package import ArgumentParser
internal import Tool

package struct ConfigTool: ParsableCommand {
  package static let configuration = CommandConfiguration(commandName: "cw-config", version: toolkitVersion)

  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {}
}
