internal import Unix

/// Reads lines from a descriptor, and blocks only when all kept lines are written.
struct FilterInput {
  let reader: LineReader

  init(descriptor: Int32, maximumLength: Int) {
    reader = LineReader(descriptor: descriptor, maximumLength: maximumLength, blockSize: 1 << 16)
  }

  /// Reads once. If that would block, `beforeWaiting` is called first, so that the last line of a quiet log is not held back.
  /// - Throws: `SystemError`; `EPIPE` if the reader of `output` is gone, which a write would reveal only at the next line.
  func fill(output: Int32, beforeWaiting: () throws -> Void) throws {
    if !Self.poll(reader.descriptor, output, milliseconds: 0).inputIsReady {
      try beforeWaiting()
      while true {
        let state = Self.poll(reader.descriptor, output, milliseconds: -1)
        if state.inputIsReady { break }
        if state.readerIsGone { throw SystemError("write to descriptor \(output)", code: EPIPE) }
      }
    }
    try reader.fill()
  }

  private static func poll(_ input: Int32, _ output: Int32, milliseconds: Int32) -> (inputIsReady: Bool, readerIsGone: Bool) {
    var polls = [pollfd(fd: input, events: Int16(POLLIN), revents: 0), pollfd(fd: output, events: 0, revents: 0)]
    _ = Unix.poll(&polls, nfds_t(polls.count), milliseconds)
    return (polls[0].revents != 0, BrokenPipe.isBroken(polls[1]))
  }
}
