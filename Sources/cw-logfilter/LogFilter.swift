package import ArgumentParser
internal import Config
internal import Patterns
internal import Unix

package struct LogFilter: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-logfilter",
    abstract: "Keep or drop lines by patterns.",
    discussion: """
      Reads lines, or log records, from standard input and writes those that match any --include (if there is one) \
      and no --exclude. Patterns are searched for anywhere in the line.
      """,
    version: toolkitVersion)

  @OptionGroup var common: CommonOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Keep only lines that match this pattern, or another --include.", valueName: "re"))
  var include: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Drop lines that match this pattern.", valueName: "re"))
  var exclude: [String] = []

  @Flag(help: "The input is log records, as cw-tail writes them.")
  var records = false

  @Flag(help: "Say for each line whether it passes and why, instead of writing it.")
  var explain = false

  package init() {}

  package func validate() throws {
    guard common.config != nil, !include.isEmpty || !exclude.isEmpty else { return }
    throw ValidationError("The patterns come from the configuration or from --include and --exclude, not from both.")
  }

  package func run() throws {
    BrokenPipe.endsProgram()
    if readsRecords, !explain { GracefulShutdown.begin() }
    Descriptor.enlargePipe(STDIN_FILENO)
    Descriptor.enlargePipe(STDOUT_FILENO)
    do {
      try filter(input: STDIN_FILENO, output: STDOUT_FILENO, warn: Messages.warning)
    } catch let error as SystemError where error.code == EPIPE {
      BrokenPipe.endProgram()
    }
  }

  private var readsRecords: Bool { records || common.config != nil }

  /// The whole program between two descriptors.
  /// - Throws: `PatternError`, `ConfigurationError`; `CommandError` for a broken input; `SystemError`.
  func filter(input: Int32, output: Int32, warn: @escaping (String) -> Void) throws {
    let rules = try sourceRules(warn)
    tellInterpreted(rules.distinct)
    defer { rules.distinct.flatMap { $0.undecided() }.forEach(warn) }
    if explain {
      try Explanation(rules: rules, isRecords: readsRecords, input: input, output: output).run()
    } else if readsRecords {
      try RecordFilter(rules: rules, input: input, output: output, warn: warn).run()
    } else if let rules = rules.distinct.first {
      try PlainFilter(rules: rules, input: input, output: output).run()
    }
  }

  private func sourceRules(_ warn: @escaping (String) -> Void) throws -> SourceRules {
    guard let path = common.config else { return SourceRules(try optionRules(warn)) }
    return try SourceRules(Configuration.load(path, warn: warn).logs, warn: warn)
  }

  private func optionRules(_ warn: @escaping (String) -> Void) throws -> FilterRules {
    let memory = MatchContext()
    do {
      return FilterRules(
        include: try PatternSet(include, memory: memory, name: { "--include \($0 + 1)" }, warn: warn),
        exclude: try PatternSet(exclude, memory: memory, name: { "--exclude \($0 + 1)" }, warn: warn))
    } catch var error as PatternError {
      error.status = .usage
      throw error
    }
  }

  private func tellInterpreted(_ rules: [FilterRules]) {
    guard common.verbose else { return }
    for pattern in rules.flatMap(\.patterns) where !pattern.isCompiledToMachineCode {
      Messages.info("\(pattern.name) is interpreted, which is slow: this system allows PCRE2 no machine code: /\(pattern.text)/")
    }
  }
}
