internal import Config
internal import Patterns
internal import Unix

/// The filter rules of each source: the same for all, or those of the configuration.
struct SourceRules {
  private enum Choice {
    case all(FilterRules)
    case configured(SourceIndex, [SourceIndex.Entry: FilterRules])
  }

  private let choice: Choice
  /// All rules, each set once.
  let distinct: [FilterRules]

  init(_ rules: FilterRules) {
    choice = .all(rules)
    distinct = [rules]
  }

  /// - Throws: `PatternError`, which names the key.
  init(_ logs: Configuration.Logs, warn: @escaping (String) -> Void) throws {
    let memory = MatchContext()
    var made: [(settings: Configuration.SourceSettings, rules: FilterRules)] = []
    func rules(_ settings: Configuration.SourceSettings, key: String) throws -> FilterRules? {
      let lists = settings.patterns
      if lists.include.isEmpty, lists.exclude.isEmpty, settings.filters.isEmpty { return nil }
      // Many files often share their patterns.
      if let known = made.first(where: { Self.haveSamePatterns($0.settings, settings) }) { return known.rules }
      func set(_ patterns: [String], _ name: (Int) -> String) throws -> PatternSet {
        try PatternSet(patterns, memory: memory, name: name, warn: warn)
      }
      let new = FilterRules(
        include: try set(lists.include) { "\(key).include_patterns[\($0)]" },
        exclude: try set(lists.exclude) { "\(key).exclude_patterns[\($0)]" },
        filters: try settings.filters.enumerated().map { number, filter in
          FilterRules.Filter(
            mustMatch: filter.type == .include, pattern: try set([filter.expression]) { _ in "\(key).filters[\(number)].expression" })
        })
      made.append((settings, new))
      return new
    }
    var configured: [SourceIndex.Entry: FilterRules] = [:]
    for entry in logs.entries { configured[entry] = try logs[entry].flatMap { try rules($0, key: entry.keyPath) } }
    choice = .configured(try SourceIndex(logs, warn: warn), configured)
    distinct = made.map(\.rules)
  }

  /// The rules for a source; nil if all its events pass.
  func rules(for source: String) -> FilterRules? {
    switch choice {
    case .all(let rules): rules.patterns.isEmpty ? nil : rules
    case .configured(let index, let rules): index.entry(of: source).flatMap { rules[$0] }
    }
  }

  // In Swift, strings are equal if they differ only in Unicode normalization; for PCRE2 they are not.
  private static func areSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

  private static func haveSamePatterns(_ a: Configuration.SourceSettings, _ b: Configuration.SourceSettings) -> Bool {
    a.patterns.include.elementsEqual(b.patterns.include, by: areSame) && a.patterns.exclude.elementsEqual(b.patterns.exclude, by: areSame)
      && a.filters.elementsEqual(b.filters) { $0.type == $1.type && areSame($0.expression, $1.expression) }
  }
}
