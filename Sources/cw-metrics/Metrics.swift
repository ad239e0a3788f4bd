package import ArgumentParser
internal import Tool

package struct Metrics: ParsableCommand {
  package static let configuration = CommandConfiguration(commandName: "cw-metrics", version: toolkitVersion)

  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {}
}
