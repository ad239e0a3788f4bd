internal import Config
internal import Patterns
internal import Unix

/// What is followed and how: by the names on the command line, or by the configuration.
struct FollowPlan {
  /// Paths and globs.
  let patterns: [String]
  let journals: [JournalSelection]
  private let entry: (_ path: String) -> Configuration.File?
  private let assemblers: Assemblers

  /// - Parameter followsJournal: whether the entire journal is followed as well.
  init(paths: [String], followsJournal: Bool) {
    assemblers = Assemblers { _ in }
    patterns = paths
    journals = followsJournal ? [Configuration.Journal().selection] : []
    entry = { Configuration.File(filePath: $0) }
  }

  /// - Parameter warn: called with a sentence for each pattern that is too expensive.
  /// - Throws: `PatternError`, which names the key.
  init(_ logs: Configuration.Logs, warn: @escaping (String) -> Void) throws {
    assemblers = Assemblers(warn)
    let index = try SourceIndex(logs, warn: warn)
    patterns = logs.files.map(\.filePath)
    journals = logs.journals.map(\.selection)
    entry = { path in
      guard case .file(let number)? = index.entry(of: path), logs.files.indices.contains(number) else { return nil }
      return logs.files[number]
    }
  }

  /// Whether a path that a pattern finds is followed: the configuration's blacklist may exclude it.
  func includes(_ path: String) -> Bool { entry(path) != nil }

  /// Whether a file that exists when it is followed for the first time is read from its start; nil: the configuration does not say.
  func fromBeginning(_ path: String) -> Bool? { entry(path)?.fromBeginning }

  /// The assembler for the events of a file. Files with the same rules share one.
  /// - Throws: `PatternError` or `ConfigurationError` if the rules are invalid.
  func assembler(_ path: String) throws -> EventAssembler {
    guard let file = entry(path) else { return try assemblers.assembler(EventAssembler.Rules()) }
    return try assemblers.assembler(
      EventAssembler.Rules(
        multiLineStart: file.multiLineStartPattern.map { EventAssembler.Rules.Start($0) }, timestampFormat: file.timestampFormat,
        timezone: file.timezone, trimsTimestamp: file.trimTimestamp, encoding: file.encoding))
  }

  /// A summary of what was changed in the bytes that were read, for people; nil: nothing.
  var changes: String? {
    let all = assemblers.all
    let counts = [
      (all.reduce(0) { $0 + $1.strippedNULCount }, "NUL bytes dropped"), (all.reduce(0) { $0 + $1.cutEventCount }, "events cut"),
      (all.reduce(0) { $0 + $1.replacementCount }, "characters not decoded"),
    ]
    let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  private final class Assemblers {
    private var byRules: [EventAssembler.Rules: EventAssembler] = [:]
    private let context = MatchContext()
    private let warn: (String) -> Void
    var all: some Collection<EventAssembler> { byRules.values }

    init(_ warn: @escaping (String) -> Void) { self.warn = warn }

    func assembler(_ rules: EventAssembler.Rules) throws -> EventAssembler {
      if let assembler = byRules[rules] { return assembler }
      let assembler = try EventAssembler(rules, context: context, warn: warn)
      byRules[rules] = assembler
      return assembler
    }
  }
}
