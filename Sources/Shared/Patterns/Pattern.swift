internal import CPCRE2
internal import Unix

/// One pattern, searched for in a line, not anchored to it: Python's `re.search` with PCRE2's engine.
package final class Pattern {
  package enum Outcome {
    case match
    case noMatch
    /// All matchers reached their limits.
    case undecided

    /// Nil for a limit, or something that the matcher does not know.
    init?(_ result: Int32) {
      if result >= 0 {
        self = .match
      } else if result == PCRE2_ERROR_NOMATCH {
        self = .noMatch
      } else {
        return nil
      }
    }
  }

  package let text: String
  /// What the user calls it: an option, or a key of the configuration.
  package let name: String
  /// How many lines it could not decide.
  var undecidedCount = 0
  /// Texts of which each line that matches has at least one; nil if none could be proven.
  let requiredLiterals: [[UInt8]]?

  private let unicode: CompiledPattern
  /// For lines that are ASCII: bytes are characters, and classes are tables.
  private let ascii: CompiledPattern
  private let hasBoth: Bool
  private let careful: BoundedPattern
  // Parts of the memory, which `careful` keeps.
  private let context: OpaquePointer?
  private let matchData: OpaquePointer?

  /// - Throws: `PatternError`.
  package init(_ text: String, name: String = "it", memory: MatchContext = MatchContext()) throws {
    self.text = text
    self.name = name
    context = memory.quickContext
    matchData = memory.matchData
    let source = PythonSyntax(text)
    let options = UInt32(PCRE2_UTF) | (source.isASCII ? 0 : UInt32(PCRE2_UCP))
    do {
      unicode = try CompiledPattern(source.bytes, options: options)
      careful = try BoundedPattern(source.bytes, options: options, hasBackReferences: unicode.hasBackReferences, memory: memory)
    } catch let error as CompiledPattern.Fault {
      throw PatternError(name: name, pattern: text, offset: source.originalOffset(error.offset), reason: error.reason)
    }
    // Bytes are characters only where the pattern itself has no others.
    let plain = source.bytes.allSatisfy { $0 < 0x80 } ? try? CompiledPattern(source.bytes, options: 0) : nil
    hasBoth = plain != nil
    ascii = plain ?? unicode
    requiredLiterals = RequiredLiterals.find(in: source.bytes)
  }

  /// Whether PCRE2 could make machine code of it; if not, it is interpreted, ten times slower.
  package var isCompiledToMachineCode: Bool { unicode.isCompiledToMachineCode }

  deinit {
    unicode.free()
    if hasBoth { ascii.free() }
  }

  func search(_ subject: Subject) -> Outcome {
    let line = subject.bytes
    if line.count > MatchContext.quickLength { return careful.search(line, isLong: true) }
    let result = (subject.isASCII ? ascii : unicode).search(line, context, matchData)
    return Outcome(result) ?? careful.search(line, isLong: false)
  }
}
