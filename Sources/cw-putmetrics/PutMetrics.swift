package import ArgumentParser
internal import Tool

package struct PutMetrics: ParsableCommand {
  package static let configuration = CommandConfiguration(commandName: "cw-putmetrics", version: toolkitVersion)

  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {}
}
