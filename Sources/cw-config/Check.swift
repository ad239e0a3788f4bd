internal import ArgumentParser
internal import Config
internal import Patterns
internal import Unix

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report everything that is wrong with the file.",
    discussion: "Silent if the file is good. Every warning and error is a line on stderr; errors end with status 78.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let file = try common.file()
    for diagnostic in file.diagnostics {
      switch diagnostic.severity {
      case .warning: Messages.warning(file.line(diagnostic))
      case .error: Messages.error(file.line(diagnostic))
      }
    }
    if let trustError = file.trustError { Messages.error("\(file.path): its commands are not run: \(trustError)") }
    let brokenPatterns = Self.brokenPatterns(file)
    for line in brokenPatterns { Messages.error(line) }
    if !file.errors.isEmpty || file.trustError != nil || !brokenPatterns.isEmpty { throw ExitCode(ExitStatus.badConfiguration.rawValue) }
    if common.verbose { Messages.info(Self.summary(file)) }
  }

  /// A line for each pattern that cw-logfilter could not compile.
  static func brokenPatterns(_ file: ConfigurationFile) -> [String] {
    let memory = MatchContext()
    return file.patterns.compactMap { entry in
      do {
        _ = try Pattern(entry.pattern, name: entry.keyPath, memory: memory)
        return nil
      } catch {
        return "\(file.path):\(entry.line): \((error as? any Failure)?.message ?? "\(error)")"
      }
    }
  }

  /// What a valid configuration asks for, in a sentence.
  static func summary(_ file: ConfigurationFile) -> String {
    func counted(_ count: Int, _ name: String) -> String { "\(count) \(name)\(count == 1 ? "" : "s")" }
    let logs = file.configuration.logs
    var parts = [counted(logs.files.count, "file"), counted(file.patterns.count, "pattern")]
    if logs.journals.count == 1 { parts.append("the journal") }
    if logs.journals.count > 1 { parts.append("\(logs.journals.count) selections of the journal") }
    if !file.warnings.isEmpty { parts.append(counted(file.warnings.count, "warning")) }
    return "\(file.path): good, \(parts.joined(separator: ", "))"
  }
}
