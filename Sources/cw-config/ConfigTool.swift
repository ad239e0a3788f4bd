package import ArgumentParser
internal import Config
internal import Unix

package struct ConfigTool: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-config",
    abstract: "Check, read and fill in the configuration of the CloudWatch publisher.",
    version: toolkitVersion,
    subcommands: [Check.self, Show.self, Get.self, PrintInstanceId.self, Fill.self])

  package init() {}

  /// The known keys, without those inside of lists, which have several values.
  static let keys = Schema.known.filter { !$0.contains("[]") }

  /// The message for an unknown key; nil if the key is known.
  static func unknown(_ key: String) -> String? {
    if keys.contains(key) { return nil }
    return "unknown key \(key)" + (NearestKey.find(key, in: keys).map { "; did you mean \($0)?" } ?? "")
  }
}

extension CommonOptions {
  var path: String { config ?? Configuration.standardPath }

  func file() throws -> ConfigurationFile {
    let isInput = path == "-"
    if verbose { Messages.info("reading \(isInput ? ConfigurationFile.standardInput : path)") }
    return try isInput ? ConfigurationFile(readingStandardInput: ()) : ConfigurationFile(reading: path)
  }

  /// Loads the configuration without warnings: those are for `check`, and the supervisor, which asks for one value after another, would
  /// repeat them.
  func load() throws -> Configuration {
    try file().usable { if verbose { Messages.warning($0) } }
  }
}
