internal import Unix

/// Which events pass: those that match any include, if there are any, and no exclude.
package final class FilterRules {
  /// Why an event passes or does not.
  package enum Reason: Equatable {
    case include(Int)
    case exclude(Int)
    case noIncludeMatches
    case noExcludeMatches
    case noPattern

    package var isKept: Bool {
      switch self {
      case .include, .noExcludeMatches, .noPattern: true
      case .exclude, .noIncludeMatches: false
      }
    }
  }

  package let include: PatternSet
  package let exclude: PatternSet

  package init(include: PatternSet, exclude: PatternSet) {
    self.include = include
    self.exclude = exclude
  }

  package func keeps(_ line: UnsafeRawBufferPointer) -> Bool {
    var subject: Subject?
    if !include.isEmpty, !include.matches(line, &subject) { return false }
    return exclude.isEmpty || !exclude.matches(line, &subject)
  }

  /// The same, by the first pattern of each list that matches.
  package func reason(_ line: UnsafeRawBufferPointer) -> Reason {
    let included = include.firstMatch(line)
    if !include.isEmpty, included == nil { return .noIncludeMatches }
    if let excluded = exclude.firstMatch(line) { return .exclude(excluded) }
    if let included { return .include(included) }
    return exclude.isEmpty ? .noPattern : .noExcludeMatches
  }

  // MARK: - many lines at once

  /// What becomes of lines that `nextToJudge` passes over.
  package var keepsOthers: Bool { include.isEmpty }

  /// A place inside the first line at or behind `start`, the beginning of a line, whose fate must be asked for; nil if there
  /// is none in `lines`.
  @inline(__always)
  package func nextToJudge(in lines: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < lines.count else { return nil }
    if !include.isEmpty { return include.canSkip ? include.firstCandidate(in: lines, from: start) : start }
    if !exclude.isEmpty { return exclude.canSkip ? exclude.firstCandidate(in: lines, from: start) : start }
    return nil
  }

  /// For each pattern that could not decide some lines, a sentence with their number.
  package func undecided() -> [String] {
    (include.patterns + exclude.patterns).filter { $0.undecidedCount > 1 }.map {
      "\($0.name) cost too much on \($0.undecidedCount) lines, which counted as matched: /\($0.text)/"
    }
  }
}
