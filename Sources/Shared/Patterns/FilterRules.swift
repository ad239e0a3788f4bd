internal import Unix

/// Which events pass: those that match any include, if there are any, and no exclude, and then each filter.
package final class FilterRules {
  /// Why an event passes or does not.
  package enum Reason: Equatable {
    case include(Int)
    case exclude(Int)
    case noIncludeMatches
    case noExcludeMatches
    /// Dropped by the filter of this number.
    case filter(Int)
    case allFiltersPass
    case noPattern

    package var isKept: Bool {
      switch self {
      case .include, .noExcludeMatches, .allFiltersPass, .noPattern: true
      case .exclude, .noIncludeMatches, .filter: false
      }
    }
  }

  /// One pattern that an event must match, or must not.
  package struct Filter {
    package let mustMatch: Bool
    /// A set of one pattern.
    package let pattern: PatternSet

    /// A filter; the parameters are the properties.
    package init(mustMatch: Bool, pattern: PatternSet) {
      self.mustMatch = mustMatch
      self.pattern = pattern
    }
  }

  package let include: PatternSet
  package let exclude: PatternSet
  /// In the order in which they are asked.
  package let filters: [Filter]

  /// The rules; an empty set of includes lets every event pass.
  package init(include: PatternSet, exclude: PatternSet, filters: [Filter] = []) {
    self.include = include
    self.exclude = exclude
    self.filters = filters
  }

  package var patterns: [Pattern] { include.patterns + exclude.patterns + filters.flatMap(\.pattern.patterns) }

  /// Whether an event passes.
  package func keeps(_ line: UnsafeRawBufferPointer) -> Bool {
    var subject: Subject?
    if !include.isEmpty, !include.matches(line, &subject) { return false }
    if !exclude.isEmpty, exclude.matches(line, &subject) { return false }
    for filter in filters where filter.pattern.matches(line, &subject) != filter.mustMatch { return false }
    return true
  }

  /// The same, by the first pattern of each list that matches.
  package func reason(_ line: UnsafeRawBufferPointer) -> Reason {
    let included = include.firstMatch(line)
    if !include.isEmpty, included == nil { return .noIncludeMatches }
    if let excluded = exclude.firstMatch(line) { return .exclude(excluded) }
    if let refusing = filters.firstIndex(where: { ($0.pattern.firstMatch(line) != nil) != $0.mustMatch }) { return .filter(refusing) }
    if !filters.isEmpty { return .allFiltersPass }
    if let included { return .include(included) }
    return exclude.isEmpty ? .noPattern : .noExcludeMatches
  }

  // MARK: - many lines at once

  /// What becomes of lines that `nextToJudge` passes over.
  package var keepsOthers: Bool { include.isEmpty }

  /// An offset inside the first line at or behind `start`, the beginning of a line, that `keeps` must judge; nil if there is none in
  /// `lines`.
  @inline(__always)
  package func nextToJudge(in lines: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < lines.count else { return nil }
    if !include.isEmpty { return include.canSkip ? include.firstCandidate(in: lines, from: start) : start }
    if !filters.isEmpty { return start }
    if !exclude.isEmpty { return exclude.canSkip ? exclude.firstCandidate(in: lines, from: start) : start }
    return nil
  }

  /// For each pattern that could not decide some lines, a sentence with their number.
  package func undecided() -> [String] {
    patterns.filter { $0.undecidedCount > 1 }.map {
      "\($0.name) cost too much on \($0.undecidedCount) lines, which counted as matched: /\($0.text)/"
    }
  }
}
