internal import CPCRE2
internal import Unix

/// How long a pattern has been at work on a line: asked by a callout that stands where a match may begin.
struct MatchDeadline {
  private var calls = 0
  private var deadline: Int64 = 0
  private var processorDeadline: Int64 = 0

  init() {}

  init(milliseconds: Int64) {
    deadline = Clock.monotonicNanoseconds() + milliseconds * 1_000_000
    processorDeadline = Clock.threadNanoseconds() + milliseconds * 1_000_000
  }

  /// 0 to go on, or an error that ends the match.
  static func check(_ deadline: UnsafeMutableRawPointer?) -> Int32 {
    guard let deadline = deadline?.assumingMemoryBound(to: MatchDeadline.self) else { return 0 }
    return deadline.pointee.check() ? 0 : PCRE2_ERROR_CALLOUT
  }

  private mutating func check() -> Bool {
    calls &+= 1
    guard calls & 7 == 0, Clock.monotonicNanoseconds() > deadline else { return true }
    // The cheap clock went on while others had the processor; what counts is what the pattern used.
    return Clock.threadNanoseconds() <= processorDeadline
  }
}
