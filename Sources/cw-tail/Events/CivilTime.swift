internal import Unix

/// A time as a line tells it; what it does not tell is the least there is.
struct CivilTime {
  var year = 1970
  var month = 1
  var day = 1
  var hour = 0
  var minute = 0
  /// 60 is a leap second.
  var second = 0
  var millisecond = 0
  /// Of a time of twelve hours.
  var isAfternoon: Bool?
  /// Seconds east of Greenwich; nil if the line does not tell.
  var offset: Int?

  /// Nil if there is no such time.
  var secondOfDay: Int64? {
    guard hour < 24, minute < 60, second <= 60 else { return nil }
    var hour = hour
    // Beside an hour of 24, AM and PM say nothing new.
    if let isAfternoon, hour <= 12 { hour = hour % 12 + (isAfternoon ? 12 : 0) }
    return Int64(hour * 3600 + minute * 60 + second)
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar; nil if there is no such date. (Years begin in March here, so that
  /// the odd day comes last.)
  static func day(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year) else { return nil }
    let shifted = Int64(month > 2 ? year : year - 1)
    let days = Int64((153 * ((month + 9) % 12) + 2) / 5 + day - 1)
    let leaps = shifted.flooredQuotient(by: 4) - shifted.flooredQuotient(by: 100) + shifted.flooredQuotient(by: 400)
    return shifted * 365 + leaps + days - 719_468
  }

  /// The year in which a day lies, counted as above, from 1970 to 9999.
  static func year(ofDay day: Int64) -> Int {
    let guess = Int(min(max(day, 0), 2_932_896) * 400 / 146_097) + 1970
    // It is one off at most, near the turn of a year.
    for year in [guess + 1, guess] { if let first = Self.day(year, 1, 1), first <= max(day, 0) { return year } }
    return guess - 1
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}

extension Int64 {
  /// Division that rounds down, also below zero.
  func flooredQuotient(by divisor: Int64) -> Int64 { self / divisor - (self % divisor < 0 ? 1 : 0) }
}

/// What a wall clock shows as seconds since the epoch.
final class ZoneClock {
  private let zone: TimestampFormat.Zone
  /// The last answer of libc, which looks at a file for each: no zone changes within a quarter of an hour.
  private var quarter = Int64.min
  private var offset: Int64 = 0

  private static let secondsOfQuarter: Int64 = 900

  init(_ zone: TimestampFormat.Zone) { self.zone = zone }

  /// Nil if libc does not know. A time that a clock leaves out in spring is an hour off, one that it shows twice in autumn is
  /// either of the two.
  /// - Parameter asIfUTC: seconds since the epoch if the clock showed UTC.
  func seconds(_ asIfUTC: Int64) -> Int64? {
    guard zone == .local else { return asIfUTC }
    let quarter = asIfUTC.flooredQuotient(by: Self.secondsOfQuarter)
    if quarter != self.quarter {
      guard let offset = Self.offset(quarter * Self.secondsOfQuarter) else { return nil }
      self.quarter = quarter
      self.offset = offset
    }
    return asIfUTC - offset
  }

  private static func offset(_ asIfUTC: Int64) -> Int64? {
    var seconds = time_t(asIfUTC)
    var fields = tm()
    guard gmtime_r(&seconds, &fields) != nil else { return nil }
    fields.tm_isdst = -1
    // -1 is also a time, but then the day of the week is told.
    fields.tm_wday = -1
    let result = mktime(&fields)
    return fields.tm_wday == -1 ? nil : asIfUTC - Int64(result)
  }
}
