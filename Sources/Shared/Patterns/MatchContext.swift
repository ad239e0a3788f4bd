internal import CPCRE2
internal import Unix

/// What matching needs besides a pattern, made once and used for every pattern and line: a program has one.
///
/// It also holds the limits, so that no pattern, however unlucky, holds the stream up.
package final class MatchContext {
  /// Only whether there is a match is asked, so there is room for one pair of offsets.
  let matchData: OpaquePointer?
  let quickContext: OpaquePointer?
  let watchedContext: OpaquePointer?
  /// For the linear matcher: 1,024 states, of three numbers each, in two lists (pcre2_dfa_match.c). A pattern that is in more
  /// states at once is too costly.
  let workspace: UnsafeMutableBufferPointer<Int32>

  /// Makes lines what patterns see of them.
  let reader = SubjectReader()

  private let stack: OpaquePointer?
  private let deadline: UnsafeMutablePointer<MatchDeadline>

  /// The longest line that needs no clock. PCRE2 counts steps back anew at every offset where a match may begin, so what such a
  /// line can cost is its length times the limit of `quickContext`: four million steps, some five milliseconds.
  static let quickLength = 2048

  /// Allocates PCRE2's memory.
  package init() {
    matchData = pcre2_match_data_create_8(1, nil)
    quickContext = pcre2_match_context_create_8(nil)
    watchedContext = pcre2_match_context_create_8(nil)
    workspace = .allocate(capacity: 2 + 2 * 3 * 1024)
    deadline = .allocate(capacity: 1)
    deadline.initialize(to: MatchDeadline())
    // 32 KiB at first, 1 MiB at most: the 32 KiB that machine code has by itself are too little for long lines.
    stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
    for context in [quickContext, watchedContext] {
      pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
      // In KiB. The interpreter's, where machine code is not allowed, and the linear matcher's.
      pcre2_set_heap_limit_8(context, 8 << 10)
    }
    pcre2_set_match_limit_8(quickContext, 2048)
    pcre2_set_callout_8(watchedContext, { _, deadline in MatchDeadline.check(deadline) }, deadline)
  }

  deinit {
    pcre2_match_data_free_8(matchData)
    pcre2_match_context_free_8(quickContext)
    pcre2_match_context_free_8(watchedContext)
    pcre2_jit_stack_free_8(stack)
    deadline.deallocate()
    workspace.deallocate()
  }

  /// Starts the time that matching with `watchedContext` may take. The clock is looked at between the offsets where a match may
  /// begin; at one of them, each step back may walk the rest of the line, so their number is limited as well.
  func limitTime(milliseconds: Int64, length: Int) {
    deadline.pointee = MatchDeadline(milliseconds: milliseconds)
    let steps = Int(milliseconds) * (1 << 20) / max(length, 1)
    pcre2_set_match_limit_8(watchedContext, UInt32(truncatingIfNeeded: max(steps, 8)))
  }
}
