internal import FoundationEssentials

/// Moments as AWS's answers and `credential_process` write them (RFC 3339).
package enum ISO8601 {
  /// Milliseconds since the epoch; nil if the text is no such moment.
  package static func milliseconds(_ text: String) -> Int64? {
    let style = Date.ISO8601FormatStyle()
    let date = (try? style.parse(text)) ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
    guard let seconds = date?.timeIntervalSince1970, abs(seconds) < 1e12 else { return nil }
    return Int64((seconds * 1000).rounded())
  }

  /// `2026-01-05T03:04:05Z`
  package static func text(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
  }
}
