package import ArgumentParser
internal import Tool

package struct LogFilter: ParsableCommand {
  package static let configuration = CommandConfiguration(commandName: "cw-logfilter", version: toolkitVersion)

  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {}
}
