internal import Unix

/// Notices settings that do not fit the text of one log, and makes a warning of each once.
final class TextCheck {
  /// Consecutive lines without a time of `timestamp_format` that mean that the format is wrong.
  static let undatedLineLimit = 100
  /// Bytes of the line that is shown as an example.
  private static let shownLength = 160
  /// Consecutive pairs of a letter and a NUL that mean that the text is UTF-16.
  private static let pairs = 8

  private var undatedLines = 0
  private var hasToldOfTimes = false
  private var hasToldOfEncoding = false
  private var warnings: [String] = []

  /// The warnings since the last call, to be prefixed with the path of the log.
  func take() -> [String] {
    if warnings.isEmpty { return [] }
    defer { warnings = [] }
    return warnings
  }

  /// Notes whether an event has a time of `timestamp_format`.
  func note(hasTime: Bool, _ event: UnsafeRawBufferPointer, lines: Int = 1) {
    if hasTime {
      undatedLines = 0
      return
    }
    guard !hasToldOfTimes, !event.isEmpty else { return }
    undatedLines += lines
    guard undatedLines >= Self.undatedLineLimit else { return }
    hasToldOfTimes = true
    let line = event.part(0..<(event.firstIndex(of: 0x0A) ?? event.count))
    let shown = String(decoding: line.prefix(Self.shownLength), as: UTF8.self) + (line.count > Self.shownLength ? "..." : "")
    warnings.append(
      "none of the last \(undatedLines) lines has a time as timestamp_format says, so they have the time at which they are read: \(shown)")
  }

  /// Notes the first bytes of a file, or a line with NULs before it, that are read without decoding.
  func note(undecoded text: UnsafeRawBufferPointer) {
    guard !hasToldOfEncoding else { return }
    let marked = EventAssembler.markedEncoding(text)
    guard let encoding = marked ?? (Self.isWide(text) ? "utf-16" : nil) else { return }
    hasToldOfEncoding = true
    warnings.append(
      "it \(marked == nil ? "looks" : "begins") like \(encoding) and is read as UTF-8; give it the encoding \"\(encoding)\" in the configuration"
    )
  }

  // Whether the text begins with ASCII letters in UTF-16, of either byte order.
  private static func isWide(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count >= 2 * pairs else { return false }
    return [0, 1].contains { first in
      (0..<pairs).allSatisfy { text[2 * $0 + first] == 0 && text[2 * $0 + 1 - first] != 0 }
    }
  }
}
