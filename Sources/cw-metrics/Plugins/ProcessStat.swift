internal import Unix

/// `/proc/N/stat` (proc_pid_stat(5)).
struct ProcessStat: Equatable {
  var state: UInt8
  /// Clock ticks.
  var userTime: UInt64
  var systemTime: UInt64
  var nice: Int64
  var threads: UInt64
  /// Clock ticks after the boot; with the number, it tells a process from one that had the number before.
  var start: UInt64
  var realtimePriority: UInt64
  /// Clock ticks of waiting for disks, where the kernel counts them.
  var ioDelay: UInt64

  /// What the process calls itself, without the parentheses; nil if there are none.
  static func name(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard let open = text.firstIndex(of: UInt8(ascii: "(")), let close = text.lastIndex(of: UInt8(ascii: ")")), open < close else {
      return nil
    }
    return text.part(open + 1..<close)
  }

  /// Nil if it is not as in proc(5). The name may have spaces and parentheses in it.
  init?(_ text: UnsafeRawBufferPointer) {
    guard let close = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    var fields = FieldScanner(text.part(close + 1..<text.count))
    func skip(_ count: Int) { for _ in 0..<count { _ = fields.word() } }
    guard let state = fields.word()?.first else { return nil }
    // From the fourth field to the thirteenth, which may be negative.
    skip(10)
    guard let userTime = fields.number(), let systemTime = fields.number() else { return nil }
    skip(3)
    guard let nice = fields.word().flatMap(Self.signed), let threads = fields.number() else { return nil }
    skip(1)
    guard let start = fields.number() else { return nil }
    self.state = state
    self.userTime = userTime
    self.systemTime = systemTime
    self.nice = nice
    self.threads = threads
    self.start = start
    skip(17)
    realtimePriority = fields.number() ?? 0
    skip(1)
    ioDelay = fields.number() ?? 0
  }

  /// The state and the number of threads, which are all that counting needs.
  static func stateAndThreads(_ text: UnsafeRawBufferPointer) -> (state: UInt8, threads: UInt64)? {
    guard let close = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    var fields = FieldScanner(text.part(close + 1..<text.count))
    guard let state = fields.word()?.first else { return nil }
    for _ in 0..<16 { _ = fields.word() }
    return fields.number().map { (state, $0) }
  }

  private static func signed(_ word: UnsafeRawBufferPointer) -> Int64? { Int64(word.text) }
}
