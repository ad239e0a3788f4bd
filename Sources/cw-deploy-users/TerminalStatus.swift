internal import Unix

/// What is going on, for people at a terminal; nothing of it goes into a pipe.
final class TerminalStatus {
  private let isTerminal = Descriptor.isTerminal(STDERR_FILENO)
  /// What stands in the last line until the next takes its place.
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

  private func write(_ text: String) {
    guard isTerminal else { return }
    Array(text.utf8).withUnsafeBytes { try? Descriptor.writeAll(STDERR_FILENO, $0) }
  }
}
