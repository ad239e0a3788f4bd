internal import Unix

/// Patterns of which one match is enough.
package final class PatternSet {
  package let patterns: [Pattern]
  /// Finds what those patterns need that need something.
  private let scanner: LiteralScanner?
  /// The others, by number: they look at every line.
  private let unconditional: [Int]
  private let memory: MatchContext
  private let warn: (String) -> Void

  /// - Parameters:
  ///   - name: what the user calls the pattern of a number, counted from 0.
  ///   - warn: is told when a pattern cannot decide a line, once for each pattern.
  /// - Throws: `PatternError`.
  package init(_ patterns: [String], memory: MatchContext, name: (Int) -> String, warn: @escaping (String) -> Void) throws {
    self.patterns = try patterns.enumerated().map { try Pattern($1, name: name($0), memory: memory) }
    self.memory = memory
    self.warn = warn
    var texts: [(text: [UInt8], owner: Int)] = []
    var unconditional: [Int] = []
    for (number, pattern) in self.patterns.enumerated() {
      if let literals = pattern.requiredLiterals {
        texts += literals.map { ($0, number) }
      } else {
        unconditional.append(number)
      }
    }
    self.unconditional = unconditional
    scanner = texts.isEmpty ? nil : LiteralScanner(texts)
  }

  package var isEmpty: Bool { patterns.isEmpty }

  /// Whether most lines can be passed over: `firstCandidate` finds all that may match.
  var canSkip: Bool { unconditional.isEmpty && scanner != nil }

  /// An offset inside the first line at or behind `start` that may match; nil if there is none. Only if `canSkip`.
  @inline(__always)
  func firstCandidate(in lines: UnsafeRawBufferPointer, from start: Int) -> Int? {
    scanner?.first(in: lines, from: start)?.offset
  }

  /// Whether a line matches one of the patterns, or one of them cannot say: for an exclude, that keeps a secret, for an include,
  /// it loses nothing.
  /// - Parameter subject: the line's form for patterns, made here when the first pattern asks for it.
  package func matches(_ line: UnsafeRawBufferPointer, _ subject: inout Subject?) -> Bool {
    if !unconditional.isEmpty {
      for number in unconditional where decide(number, line, &subject) { return true }
    }
    guard let scanner else { return false }
    // A bit for each pattern that was tried; the last stands for all from there on.
    var tried: UInt64 = 0
    var hit = scanner.first(in: line, from: 0)
    while let found = hit {
      let number = min(found.owner, 63)
      if tried & 1 << UInt64(number) == 0 {
        tried |= 1 << UInt64(number)
        if decide(number, line, &subject) { return true }
        if number == 63, decideRest(line, &subject) { return true }
      }
      hit = scanner.next(in: line, after: found)
    }
    return false
  }

  private func decideRest(_ line: UnsafeRawBufferPointer, _ subject: inout Subject?) -> Bool {
    for number in patterns.indices.dropFirst(64) where decide(number, line, &subject) { return true }
    return false
  }

  /// The number of the first pattern that matches, in the order in which they were given.
  package func firstMatch(_ line: UnsafeRawBufferPointer) -> Int? {
    var subject: Subject?
    return patterns.indices.first { decide($0, line, &subject) }
  }

  @inline(__always)
  private func decide(_ number: Int, _ line: UnsafeRawBufferPointer, _ subject: inout Subject?) -> Bool {
    let made = subject ?? memory.reader.read(line)
    subject = made
    let pattern = patterns[number]
    switch pattern.search(made) {
    case .match: return true
    case .noMatch: return false
    case .undecided:
      pattern.undecidedCount += 1
      if pattern.undecidedCount == 1 {
        warn("\(pattern.name) costs too much on a line of \(line.count) bytes, which counts as matched: /\(pattern.text)/")
      }
      return true
    }
  }
}
