internal import ArgumentParser
internal import Config
internal import Tool
internal import Unix

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report everything that is wrong with the file.",
    discussion: "Silent if the file is good. Every warning and error is a line on stderr; errors end with status 78.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let file = try ConfigurationFile(reading: common.path)
    for problem in file.problems {
      switch problem.severity {
      case .warning: Messages.warning(file.line(problem))
      case .error: Messages.error(file.line(problem))
      }
    }
    if !file.errors.isEmpty { throw ExitCode(ExitStatus.badConfiguration.rawValue) }
    if common.verbose { Messages.info(Self.summary(file)) }
  }

  /// What a good file asks for.
  static func summary(_ file: ConfigurationFile) -> String {
    func counted(_ count: Int, _ name: String) -> String { "\(count) \(name)\(count == 1 ? "" : "s")" }
    let logs = file.configuration.logs
    var parts = [counted(logs.files.count, "file"), counted(file.patterns.count, "pattern")]
    if logs.journal.collect { parts.append("the journal") }
    if !file.warnings.isEmpty { parts.append(counted(file.warnings.count, "warning")) }
    return "\(file.path): good, \(parts.joined(separator: ", "))"
  }
}
