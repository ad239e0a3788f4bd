internal import ArgumentParser
internal import Config
internal import Unix

struct Get: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the value of one key.",
    discussion: """
      The value in effect, without quotes; a list one element a line, of collect_list the paths; an object as JSON; nothing if \
      it is not set. Placeholders in names of groups and streams are replaced.
      """)

  @Argument(
    help: "Dotted, such as agent.logfile or logs.logs_collected.files.collect_list.",
    completion: .list(ConfigTool.keys.subtracting(Schema.secrets).sorted()))
  var key: String

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let validationError = Self.validationError(about: key) { throw ValidationError(validationError) }
  }

  func run() throws {
    try writeOutput(Self.answer(key, common.load()))
  }

  /// Why the value of a key cannot be shown; nil if it can.
  static func validationError(about key: String) -> String? {
    Schema.secrets.contains(key) ? "\(key) is never printed" : ConfigTool.unknown(key)
  }

  static func answer(_ key: String, _ configuration: Configuration, environment: @escaping Environment = processEnvironment) throws
    -> String
  {
    var json: JSON? = configuration.effective
    for name in key.split(separator: ".") { json = json?[String(name)]?.value }
    switch json?.value {
    case .text(let template) where Schema.templates.contains(key):
      return try configuration.machineNames(environment: environment).expand(template) + "\n"
    case .list(let elements): return elements.map { ($0["file_path"]?.value.value ?? $0.value).word + "\n" }.joined()
    case let value?: return value.word + "\n"
    case nil: return ""
    }
  }
}
