internal import Unix

/// Lines from a descriptor, which are waited for only when everything kept so far is on its way.
struct FilterInput {
  let reader: LineReader

  init(descriptor: Int32, maximumLength: Int) {
    reader = LineReader(descriptor: descriptor, maximumLength: maximumLength, blockSize: 1 << 16)
  }

  /// Reads once. If that would wait, `beforeWaiting` is called first, so that a quiet log's last line does not lie here.
  /// Throws `EPIPE` if nobody reads what is written to `output`, which would else be noticed at the next line only.
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
    _ = libcPoll(&polls, nfds_t(polls.count), milliseconds)
    return (polls[0].revents != 0, BrokenPipe.isBroken(polls[1]))
  }
}

// `poll` is also the name of a member here.
private func libcPoll(_ polls: UnsafeMutablePointer<pollfd>, _ count: nfds_t, _ milliseconds: Int32) -> Int32 {
  poll(polls, count, milliseconds)
}
