package import ArgumentParser
internal import Tool

package struct Tail: ParsableCommand {
  package static let configuration = CommandConfiguration(commandName: "cw-tail", version: toolkitVersion)

  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {}
}
