internal import CPCRE2
internal import Unix

/// A pattern on a line that is long, or on which it turned out to be costly: watched by a clock, and followed in linear time
/// where that is possible. The linear form is made when it is first needed.
final class BoundedPattern {
  private let pattern: [UInt8]
  private let options: UInt32
  private let memory: MatchContext
  private var canBeLinear: Bool
  private let backtracking: CompiledPattern
  private lazy var linear = makeLinear()

  /// Milliseconds for backtracking, while there is the linear matcher as well.
  private static let firstTry: Int64 = 20
  private static let linearTry: Int64 = 60
  /// The largest event that CloudWatch Logs takes; the linear matcher needs some 40 ns a byte.
  private static let linearLength = 1 << 20
  /// Where only backtracking can decide.
  private static let onlyTry: Int64 = 80

  /// - Throws: `CompiledPattern.Fault`, with an offset in what was compiled.
  init(_ pattern: [UInt8], options: UInt32, hasBackReferences: Bool, memory: MatchContext) throws {
    self.pattern = pattern
    self.options = options
    self.memory = memory
    canBeLinear = !hasBackReferences
    backtracking = try CompiledPattern(Self.watched(pattern), options: options)
  }

  deinit {
    backtracking.free()
    if let linear { linear.free() }
  }

  /// - Parameter isLong: nothing has been tried yet.
  func search(_ line: UnsafeRawBufferPointer, isLong: Bool) -> Pattern.Outcome {
    if isLong, canBeLinear, let outcome = searchBack(line, Self.firstTry) { return outcome }
    if canBeLinear, line.count > Self.linearLength { return .undecided }
    if canBeLinear, let linear {
      memory.limitTime(milliseconds: Self.linearTry, length: line.count)
      let result = linear.searchLinearly(line, memory)
      if let outcome = Pattern.Outcome(result) { return outcome }
      switch result {
      case PCRE2_ERROR_CALLOUT, PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_DFA_WSSIZE:
        return .undecided
      default: break  // something in it that the linear matcher does not know
      }
    }
    canBeLinear = false
    return searchBack(line, Self.onlyTry) ?? .undecided
  }

  private func searchBack(_ line: UnsafeRawBufferPointer, _ milliseconds: Int64) -> Pattern.Outcome? {
    memory.limitTime(milliseconds: milliseconds, length: line.count)
    return Pattern.Outcome(backtracking.search(line, memory.watchedContext, memory.matchData))
  }

  /// The callout of the clock before the first alternative, which is tried at every place: nothing has to be put around the pattern,
  /// whose end may be a comment or a quotation that would hide a parenthesis. Verbs of the whole pattern stay in front.
  private static func watched(_ pattern: [UInt8]) -> [UInt8] {
    var start = 0
    while pattern[start...].starts(with: "(*".utf8), let end = pattern[start...].firstIndex(of: UInt8(ascii: ")")),
      pattern[start + 2..<end].allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || "_=".utf8.contains($0) })
    {
      start = end + 1
    }
    return pattern[..<start] + Array("(?C1)".utf8) + pattern[start...]
  }

  // Also nil if the pattern cannot be put between parentheses.
  private func makeLinear() -> CompiledPattern? {
    LinearForm.make(of: pattern).flatMap { try? CompiledPattern($0, options: options | UInt32(PCRE2_ANCHORED), isLinear: true) }
  }
}
