internal import Config
internal import Patterns
internal import Unix

/// Which rules hold for which source: the same for all, or those of the configuration.
struct SourceRules {
  private enum Choice {
    case all(FilterRules)
    case configured(files: [(filePath: String, rules: FilterRules?)], journal: FilterRules?)
  }

  private let choice: Choice
  /// Every set of rules once.
  let distinct: [FilterRules]

  init(_ rules: FilterRules) {
    choice = .all(rules)
    distinct = [rules]
  }

  /// Throws `PatternError`, which names the key.
  init(_ logs: Configuration.Logs, warn: @escaping (String) -> Void) throws {
    let memory = MatchMemory()
    var made: [(lists: Configuration.PatternLists, rules: FilterRules)] = []
    func rules(_ lists: Configuration.PatternLists, key: String) throws -> FilterRules? {
      if lists.include.isEmpty, lists.exclude.isEmpty { return nil }
      // Many files often have the same patterns.
      if let known = made.first(where: { Self.areSame($0.lists, lists) }) { return known.rules }
      let new = FilterRules(
        include: try PatternSet(lists.include, memory: memory, name: { "\(key).include_patterns[\($0)]" }, warn: warn),
        exclude: try PatternSet(lists.exclude, memory: memory, name: { "\(key).exclude_patterns[\($0)]" }, warn: warn))
      made.append((lists, new))
      return new
    }
    let files = try logs.files.enumerated().map { number, file in
      (file.filePath, try rules(file.patterns, key: "logs.logs_collected.files.collect_list[\(number)]"))
    }
    let journal = try rules(logs.journal.patterns, key: "logs.logs_collected.journal")
    choice = .configured(files: files, journal: journal)
    distinct = made.map(\.rules)
  }

  /// The rules for a source; nil if all its events pass.
  func rules(for source: String) -> FilterRules? {
    switch choice {
    case .all(let rules): return rules.include.isEmpty && rules.exclude.isEmpty ? nil : rules
    case .configured(_, let journal) where source == "journal": return journal
    case .configured(let files, _):
      // As glob(3): a star stops at a slash, and does not begin with a dot.
      return files.first { Self.areSame($0.filePath, source) || fnmatch($0.filePath, source, FNM_PATHNAME | FNM_PERIOD) == 0 }?.rules
    }
  }

  // To Swift, two texts are equal if they differ only in how an accent is written; to the file system and to PCRE2 they are not.
  private static func areSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

  private static func areSame(_ a: Configuration.PatternLists, _ b: Configuration.PatternLists) -> Bool {
    a.include.elementsEqual(b.include, by: areSame) && a.exclude.elementsEqual(b.exclude, by: areSame)
  }
}
