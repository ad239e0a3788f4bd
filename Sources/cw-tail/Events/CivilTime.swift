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
  /// The letters of a zone of which no offset is known; empty: none.
  var zone = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Of ISO 8601; Monday is 1.
  var week = 1
  var weekday = 1
  /// Milliseconds since the epoch, if they tell all.
  var epoch: Int64?

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

  /// The same of a day of the year, from 1 on.
  static func day(_ year: Int, dayOfYear: Int) -> Int64? {
    guard let first = day(year, 1, 1), let last = day(year, 12, 31) else { return nil }
    let day = first + Int64(dayOfYear) - 1
    return (first...last).contains(day) ? day : nil
  }

  /// The same of a day of a week, as ISO 8601 counts them: the first one of a year has its 4th of January.
  static func day(_ year: Int, week: Int, weekday: Int) -> Int64? {
    guard (1...53).contains(week), (1...7).contains(weekday), let fourth = day(year, 1, 4), let last = day(year, 12, 31) else { return nil }
    // 1970-01-01 was a Thursday.
    func monday(_ day: Int64) -> Int64 { (day + 3).flooredQuotient(by: 7) * 7 - 3 }
    let day = monday(fourth) + Int64((week - 1) * 7 + weekday - 1)
    return day < monday(last + 4) ? day : nil
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
  /// The zones that a clock may be in that shows this quarter, by their names: two if it does so twice.
  private var others: [(name: [UInt8], offset: Int64)] = []

  private static let secondsOfQuarter: Int64 = 900

  init(_ zone: TimestampFormat.Zone) { self.zone = zone }

  /// Nil if libc does not know. A time that a clock leaves out in spring is an hour off, one that it shows twice in autumn is
  /// either of the two, unless the name of the zone tells.
  /// - Parameters:
  ///   - asIfUTC: seconds since the epoch if the clock showed UTC.
  ///   - zone: an abbreviation, such as CEST, that may be one of this machine's zone.
  func seconds(_ asIfUTC: Int64, zone name: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)) -> Int64? {
    guard zone == .local else { return asIfUTC }
    let quarter = asIfUTC.flooredQuotient(by: Self.secondsOfQuarter)
    if quarter != self.quarter {
      let start = quarter * Self.secondsOfQuarter
      guard let offset = Self.offset(start) else { return nil }
      self.quarter = quarter
      self.offset = offset
      others = Self.changes(around: start - offset).filter { Self.zone(at: start - $0.offset)?.offset == $0.offset }
    }
    if !others.isEmpty, let named = others.first(where: { name.elementsEqual($0.name) }) { return asIfUTC - named.offset }
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

  // The zones before and after a moment, if they are two.
  private static func changes(around moment: Int64) -> [(name: [UInt8], offset: Int64)] {
    let zones = [moment - 7200, moment + 7200].compactMap { zone(at: $0) }
    return zones.first?.offset == zones.last?.offset ? [] : zones
  }

  private static func zone(at moment: Int64) -> (name: [UInt8], offset: Int64)? {
    var seconds = time_t(moment)
    var fields = tm()
    guard localtime_r(&seconds, &fields) != nil, let name = fields.tm_zone else { return nil }
    return (Array(String(cString: name).utf8), Int64(fields.tm_gmtoff))
  }
}
