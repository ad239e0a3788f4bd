internal import Unix

/// Progress for people at a terminal; a pipe gets nothing.
final class TerminalStatus {
  private let isTerminal = Descriptor.isTerminal(STDERR_FILENO)
  /// The text of the last line, which the next one replaces.
  private var shown = ""

  /// A line that stays.
  func line(_ text: String) {
    passing(text)
    write("\n")
    shown = ""
  }

  /// A line that the next one replaces.
  func passing(_ text: String) {
    guard text != shown else { return }
    shown = text
    write("\r\u{1B}[K\(text.printable)")
  }

  func clear() { passing("") }

  /// A closure that shows the progress of a run which begins now.
  func progress(of all: Int, _ noun: String) -> (_ done: Int) -> Void {
    let start = Clock.monotonicNanoseconds()
    var shown = 0
    return { [self] done in
      guard done > shown else { return }
      shown = done
      passing(ProvisioningProgress(done: done, all: all, elapsed: Clock.monotonicNanoseconds() - start, what: noun).text)
    }
  }

  private func write(_ text: String) {
    guard isTerminal else { return }
    Array(text.utf8).withUnsafeBytes { try? Descriptor.writeAll(STDERR_FILENO, $0) }
  }
}
