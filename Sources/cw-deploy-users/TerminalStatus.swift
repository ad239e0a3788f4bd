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
    write("\r\u{1B}[K\(Messages.printable(text))")
  }

  func clear() { passing("") }

  private func write(_ text: String) {
    guard isTerminal else { return }
    Array(text.utf8).withUnsafeBytes { try? Descriptor.writeAll(STDERR_FILENO, $0) }
  }
}
