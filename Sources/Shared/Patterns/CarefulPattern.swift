internal import CPCRE2
internal import Unix

/// A pattern on a line that is long, or on which it turned out to be costly: watched by a clock, and followed in linear time
/// where that is possible. Its forms are made when they are first needed.
final class CarefulPattern {
  private let pattern: [UInt8]
  private let options: UInt32
  private let memory: MatchMemory
  private var canBeLinear: Bool
  private lazy var backtracking = makeBacktracking()
  private lazy var linear = makeLinear()
  private var made: [CompiledPattern] = []

  /// Milliseconds for backtracking, while there is the linear matcher as well.
  private static let firstTry: Int64 = 20
  private static let linearTry: Int64 = 60
  /// The largest event that CloudWatch Logs takes; the linear matcher needs some 40 ns a byte.
  private static let linearLength = 1 << 20
  /// Where only backtracking can decide.
  private static let onlyTry: Int64 = 80

  init(_ pattern: [UInt8], options: UInt32, hasBackReferences: Bool, memory: MatchMemory) {
    self.pattern = pattern
    self.options = options
    self.memory = memory
    canBeLinear = !hasBackReferences
  }

  deinit { for form in made { form.free() } }

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
    guard let backtracking else { return nil }
    memory.limitTime(milliseconds: milliseconds, length: line.count)
    return Pattern.Outcome(backtracking.search(line, memory.watchedContext, memory.matchData))
  }

  private func makeBacktracking() -> CompiledPattern? {
    // A recursion into the whole pattern takes the callout along, which does no harm.
    make(Array("(?C1)(?:".utf8) + pattern + Array(")".utf8))
  }

  private func makeLinear() -> CompiledPattern? {
    LinearForm.make(of: pattern).flatMap { make($0, isLinear: true) }
  }

  /// Nil if the pattern can not be put between parentheses.
  private func make(_ bytes: [UInt8], isLinear: Bool = false) -> CompiledPattern? {
    let options = isLinear ? options | UInt32(PCRE2_ANCHORED) : options
    guard let form = try? CompiledPattern(bytes, options: options, isLinear: isLinear) else { return nil }
    made.append(form)
    return form
  }
}
