/// The `Date` header of an answer (RFC 9110 §5.6.7, the only form that servers may send).
enum HTTPDate {
  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Milliseconds since the epoch of `Mon, 05 Jan 2026 03:04:05 GMT`; nil for anything else.
  static func milliseconds(_ text: String) -> Int64? {
    let parts = text.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "," })
    guard parts.count == 8, parts[7] == "GMT", let day = Int64(parts[1]), (1...31).contains(day),
      let month = months.firstIndex(of: String(parts[2])), let year = Int64(parts[3]), (1970...9999).contains(year),
      let hour = Int64(parts[4]), (0...23).contains(hour), let minute = Int64(parts[5]), (0...59).contains(minute),
      let second = Int64(parts[6]), (0...60).contains(second)
    else { return nil }
    return (days(year, month + 1, day) * 86400 + hour * 3600 + minute * 60 + second) * 1000
  }

  // Days since 1970-01-01: years begin in March, so that the leap day is the last.
  static func days(_ year: Int64, _ month: Int, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let yearOfEra = shifted % 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
    return shifted / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
