internal import Unix

/// The moment of an answer to a challenge of Amazon Cognito.
package enum ChallengeTimestamp {
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  /// `Mon Jan 5 03:04:05 UTC 2026`: always English, and the day without a zero in front.
  /// - Parameter milliseconds: since the epoch, by the service's clock.
  package static func text(milliseconds: Int64) -> String {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(two).joined(separator: ":")
    return "\(weekdays[Int(parts.tm_wday)]) \(HTTPDate.months[Int(parts.tm_mon)]) \(parts.tm_mday) \(time) UTC \(parts.tm_year + 1900)"
  }
}
