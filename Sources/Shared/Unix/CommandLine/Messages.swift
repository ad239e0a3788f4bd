/// Messages for people, on standard error: one line each, `cw-tail: warning: ...`.
package enum Messages {
  /// The program's name, as it was called.
  package static let programName: String = {
    let path = CommandLine.arguments.first ?? "cw"
    return String(path.split(separator: "/").last ?? "cw")
  }()

  /// Says why the program ends, or what it gives up.
  package static func error(_ text: String) { write("error: " + text) }
  /// Says what needs attention, though the program goes on.
  package static func warning(_ text: String) { write("warning: " + text) }
  /// For `--verbose` only; the caller asks.
  package static func info(_ text: String) { write(text) }

  private static func write(_ text: String) {
    let line = Array("\(programName): \(text.printable)\n".utf8)
    // A message that cannot be written has nowhere to be reported.
    line.withUnsafeBytes { try? Descriptor.writeAll(STDERR_FILENO, $0) }
  }
}
