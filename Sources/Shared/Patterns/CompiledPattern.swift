internal import CPCRE2
internal import Unix

/// PCRE2's form of a pattern, and its matchers; nothing of ours is decided here.
///
/// No class, because the hot path should count no references: its maker frees it.
struct CompiledPattern {
  struct Fault: Error {
    /// Bytes of the pattern that were read when the fault was seen.
    let offset: Int
    let reason: String
  }

  let isCompiledToMachineCode: Bool
  private let code: OpaquePointer

  init(_ pattern: [UInt8], options: UInt32, isLinear: Bool = false) throws {
    var number: Int32 = 0
    var offset = 0
    let context = pcre2_compile_context_create_8(nil)
    defer { pcre2_compile_context_free_8(context) }
    // How PCRE2 was built must not decide what a dot matches.
    pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
    let options = options | UInt32(PCRE2_NEVER_BACKSLASH_C)
    guard let code = pcre2_compile_8(pattern, pattern.count, options, &number, &offset, context) else {
      throw Fault(offset: offset, reason: Self.text(number))
    }
    self.code = code
    // The linear matcher has no machine code, and `(*NO_JIT)` makes none without saying so.
    var size = 0
    if !isLinear, pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE)) == 0 {
      pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_JITSIZE), &size)
    }
    isCompiledToMachineCode = size > 0
  }

  func free() { pcre2_code_free_8(code) }

  var hasBackReferences: Bool {
    var highest: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_BACKREFMAX), &highest)
    return highest > 0
  }

  /// Backtracks. Negative: `PCRE2_ERROR_NOMATCH`, or a limit was reached.
  @inline(__always)
  func search(_ line: UnsafeRawBufferPointer, _ context: OpaquePointer?, _ matchData: OpaquePointer?) -> Int32 {
    // An empty line has no address, and PCRE2 wants one.
    let start = (line.baseAddress ?? UnsafeRawPointer(code)).assumingMemoryBound(to: UInt8.self)
    if isCompiledToMachineCode { return pcre2_jit_match_8(code, start, line.count, 0, 0, matchData, context) }
    return pcre2_match_8(code, start, line.count, 0, UInt32(PCRE2_NO_UTF_CHECK), matchData, context)
  }

  /// Follows all possibilities side by side (pcre2matching(3)).
  func searchLinearly(_ line: UnsafeRawBufferPointer, _ memory: MatchContext) -> Int32 {
    let start = (line.baseAddress ?? UnsafeRawPointer(code)).assumingMemoryBound(to: UInt8.self)
    // Not PCRE2_DFA_SHORTEST, though the first match is enough: it would also end what a recursion matches too early.
    return pcre2_dfa_match_8(
      code, start, line.count, 0, UInt32(PCRE2_NO_UTF_CHECK), memory.matchData, memory.watchedContext, memory.workspace.baseAddress,
      memory.workspace.count)
  }

  private static func text(_ number: Int32) -> String {
    var text = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(number, &text, text.count)
    guard length > 0 else { return "error \(number)" }
    return String(decoding: text.prefix(Int(length)), as: UTF8.self)
  }
}
