package import ArgumentParser
internal import Config
internal import Tool
internal import Unix

package struct ConfigTool: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-config",
    abstract: "Check and read the configuration of the CloudWatch publisher.",
    version: toolkitVersion,
    subcommands: [Check.self, Show.self, Get.self, PrintInstanceId.self])

  package init() {}
}

extension CommonOptions {
  var path: String { config ?? Configuration.standardPath }

  /// Warnings are what `check` is for; the supervisor, which asks for one value after another, would repeat them.
  func load() throws -> Configuration {
    if verbose { Messages.info("reading \(path)") }
    return try Configuration.load(path) { if verbose { Messages.warning($0) } }
  }
}
