internal import Unix

/// What is noticed in the text of one log that its reader should know, each once: settings that do not fit it.
final class TextCheck {
  /// So many lines in a row without a time of `timestamp_format` are no accident.
  static let patience = 100
  /// So many bytes of the line that is shown as an example.
  private static let shownLength = 160
  /// So many pairs of a letter and a NUL are no accident either.
  private static let pairs = 8

  private var undatedLines = 0
  private var hasToldOfTimes = false
  private var hasToldOfEncoding = false
  private var validationErrors: [String] = []

  /// What was noticed since the last call, in sentences about the log.
  func take() -> [String] {
    if validationErrors.isEmpty { return [] }
    defer { validationErrors = [] }
    return validationErrors
  }

  /// An event has a time of `timestamp_format`, or not.
  func note(hasTime: Bool, _ event: UnsafeRawBufferPointer, lines: Int = 1) {
    if hasTime {
      undatedLines = 0
      return
    }
    guard !hasToldOfTimes, !event.isEmpty else { return }
    undatedLines += lines
    guard undatedLines >= Self.patience else { return }
    hasToldOfTimes = true
    let line = event.part(0..<(event.firstIndex(of: 0x0A) ?? event.count))
    let shown = String(decoding: line.prefix(Self.shownLength), as: UTF8.self) + (line.count > Self.shownLength ? "..." : "")
    validationErrors.append(
      "none of the last \(undatedLines) lines has a time as timestamp_format says, so they have the time at which they are read: \(shown)")
  }

  /// The first bytes of a file, or a line with NULs in front, that are read as they are.
  func note(undecoded text: UnsafeRawBufferPointer) {
    guard !hasToldOfEncoding else { return }
    let marked = EventAssembler.markedEncoding(text)
    guard let encoding = marked ?? (Self.isWide(text) ? "utf-16" : nil) else { return }
    hasToldOfEncoding = true
    validationErrors.append(
      "it \(marked == nil ? "looks" : "begins") like \(encoding) and is read as UTF-8; give it the encoding \"\(encoding)\" in the configuration"
    )
  }

  // Letters of ASCII as UTF-16 has them, of either byte order.
  private static func isWide(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count >= 2 * pairs else { return false }
    return [0, 1].contains { first in
      (0..<pairs).allSatisfy { text[2 * $0 + first] == 0 && text[2 * $0 + 1 - first] != 0 }
    }
  }
}
