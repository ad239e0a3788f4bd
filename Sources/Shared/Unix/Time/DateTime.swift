/// A moment as a calendar and a clock show it, and the ways in which AWS, HTTP and this toolkit write it down.
package struct DateTime: Equatable {
  package let year: Int
  /// From 1.
  package let month: Int
  /// From 1.
  package let day: Int
  package let hour: Int
  package let minute: Int
  /// 60 is a leap second.
  package let second: Int
  /// 0 is Sunday.
  package let weekday: Int

  package static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  /// The end of the years of four digits, in seconds since the epoch.
  private static let lastSecond: Int64 = 253_402_300_799

  /// The moment in UTC, or in this machine's zone.
  /// - Parameter milliseconds: since the epoch, rounded down to a second; outside the years 1970 to 9999 the nearest moment of them.
  package init(milliseconds: Int64, isLocal: Bool = false) {
    var seconds = time_t(min(max(milliseconds / 1000, 0), Self.lastSecond))
    var fields = tm()
    _ = isLocal ? localtime_r(&seconds, &fields) : gmtime_r(&seconds, &fields)
    year = Int(fields.tm_year) + 1900
    month = min(max(Int(fields.tm_mon), 0), 11) + 1
    day = Int(fields.tm_mday)
    hour = Int(fields.tm_hour)
    minute = Int(fields.tm_min)
    second = Int(fields.tm_sec)
    weekday = min(max(Int(fields.tm_wday), 0), 6)
  }

  /// `2026-01-05T03:04:05Z` (RFC 3339).
  package var iso8601: String { "\(date)T\(time)Z" }
  /// `20260105T030405Z`, as Signature Version 4 has it.
  package var basicISO8601: String { "\(basicDate)T\(Self.two(hour))\(Self.two(minute))\(Self.two(second))Z" }
  /// `20260105`
  package var basicDate: String { "\(year)\(Self.two(month))\(Self.two(day))" }
  /// `2026-01-05`
  package var date: String { "\(year)-\(Self.two(month))-\(Self.two(day))" }
  /// `03:04:05`
  package var time: String { "\(Self.two(hour)):\(Self.two(minute)):\(Self.two(second))" }
  /// `Jan 05 03:04:05`, as syslog and journalctl write it.
  package var syslog: String { "\(Self.months[month - 1]) \(Self.two(day)) \(time)" }
  /// `Mon Jan 5 03:04:05 UTC 2026`, as Amazon Cognito wants it: always English, the day without a leading zero.
  package var cognito: String { "\(Self.weekdays[weekday]) \(Self.months[month - 1]) \(day) \(time) UTC \(year)" }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// Days from 1970-01-01 to a date of the Gregorian calendar, from year 0 to 9999; nil if there is no such date.
  package static func day(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year) else { return nil }
    // Years begin in March here, so that the odd day comes last.
    let shifted = Int64(month > 2 ? year : year - 1)
    let days = Int64((153 * ((month + 9) % 12) + 2) / 5 + day - 1)
    let leaps = shifted.flooredQuotient(by: 4) - shifted.flooredQuotient(by: 100) + shifted.flooredQuotient(by: 400)
    return shifted * 365 + leaps + days - 719_468
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}

extension Int64 {
  /// Division that rounds down, also below zero.
  package func flooredQuotient(by divisor: Int64) -> Int64 { self / divisor - (self % divisor < 0 ? 1 : 0) }
}
