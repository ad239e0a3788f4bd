internal import Unix

/// What the supervisor says, on standard error, in the form that the Python program's log had: others look for its lines.
enum EventLog {
  static func write(_ text: String) {
    let line = Self.line(text, Clock.realtimeMilliseconds())
    // What cannot be written has nowhere to be reported.
    line.withUnsafeBytes { try? Descriptor.writeAll(STDERR_FILENO, $0) }
  }

  /// `2026-11-30 19:51:40,123 - INFO - text`, in UTC.
  /// - Parameter milliseconds: since 1970.
  static func line(_ text: String, _ milliseconds: Int64) -> [UInt8] {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let date = "\(digits(Int(parts.tm_year) + 1900, 4))-\(digits(Int(parts.tm_mon) + 1, 2))-\(digits(Int(parts.tm_mday), 2))"
    let time = "\(digits(Int(parts.tm_hour), 2)):\(digits(Int(parts.tm_min), 2)):\(digits(Int(parts.tm_sec), 2))"
    return Array("\(date) \(time),\(digits(Int(milliseconds % 1000), 3)) - INFO - \(text.printable)\n".utf8)
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}
