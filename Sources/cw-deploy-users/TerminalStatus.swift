internal import Tool
internal import Unix

/// What is going on, for people at a terminal; nothing of it goes into a pipe.
struct TerminalStatus {
  private let isTerminal = Descriptor.isTerminal(STDERR_FILENO)

  /// A line that stays.
  func line(_ text: String) { write("\r\u{1B}[K\(Messages.printable(text))\n") }

  /// A line that the next one replaces.
  func passing(_ text: String) { write("\r\u{1B}[K\(Messages.printable(text))") }

  func clear() { write("\r\u{1B}[K") }

  private func write(_ text: String) {
    guard isTerminal else { return }
    Array(text.utf8).withUnsafeBytes { try? Descriptor.writeAll(STDERR_FILENO, $0) }
  }
}
