internal import Unix

/// Writes the supervisor's messages to standard error, in the form of the Python program's log, which existing monitoring looks for.
enum EventLog {
  static func write(_ text: String) {
    let line = Self.line(text, Clock.realtimeMilliseconds())
    // What cannot be written has nowhere to be reported.
    line.withUnsafeBytes { try? Descriptor.writeAll(STDERR_FILENO, $0) }
  }

  /// `2026-11-30 19:51:40,123 - INFO - text`, in UTC.
  /// - Parameter milliseconds: since 1970.
  static func line(_ text: String, _ milliseconds: Int64) -> [UInt8] {
    let time = DateTime(milliseconds: milliseconds)
    let fraction = String(1000 + milliseconds % 1000).dropFirst()
    return Array("\(time.date) \(time.time),\(fraction) - INFO - \(text.printable)\n".utf8)
  }
}
