internal import Unix

/// A moment as signatures write it.
package struct SigningDate: Equatable {
  /// `20260105T030405Z`
  package let timestamp: String
  /// `20260105`
  package var day: String { String(timestamp.prefix(8)) }

  /// - Parameter milliseconds: since the epoch, by the service's clock.
  package init(milliseconds: Int64) {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    timestamp =
      "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))Z"
  }
}
