internal import Unix

/// The fields of a time that were read from a line; a field that the line does not have is at its minimum.
struct TimestampFields {
  var year = 1970
  var month = 1
  var day = 1
  var hour = 0
  var minute = 0
  /// 60 is a leap second.
  var second = 0
  var millisecond = 0
  /// Whether a 12-hour time has PM; nil: neither AM nor PM.
  var isAfternoon: Bool?
  /// Seconds east of UTC; nil if the line does not have an offset.
  var offset: Int?
  /// The abbreviation of a zone whose offset is unknown; empty: none.
  var zone = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The week and its day by ISO 8601; Monday is 1.
  var week = 1
  var weekday = 1
  /// Milliseconds since the epoch, if the line has them; then no other field counts.
  var epoch: Int64?

  /// Nil if there is no such time.
  var secondOfDay: Int64? {
    guard hour < 24, minute < 60, second <= 60 else { return nil }
    var hour = hour
    // In a 24-hour time, AM and PM are redundant.
    if let isAfternoon, hour <= 12 { hour = hour % 12 + (isAfternoon ? 12 : 0) }
    return Int64(hour * 3600 + minute * 60 + second)
  }

  /// Days from 1970-01-01 to a day of the year, from 1 on; nil if there is no such day.
  static func day(_ year: Int, dayOfYear: Int) -> Int64? {
    guard let first = DateTime.day(year, 1, 1), let last = DateTime.day(year, 12, 31) else { return nil }
    let day = first + Int64(dayOfYear) - 1
    return (first...last).contains(day) ? day : nil
  }

  /// Days from 1970-01-01 to a day of an ISO 8601 week, the first of which has the 4th of January; nil if there is no such day.
  static func day(_ year: Int, week: Int, weekday: Int) -> Int64? {
    guard (1...53).contains(week), (1...7).contains(weekday), let fourth = DateTime.day(year, 1, 4), let last = DateTime.day(year, 12, 31)
    else { return nil }
    // 1970-01-01 was a Thursday.
    func monday(_ day: Int64) -> Int64 { (day + 3).flooredQuotient(by: 7) * 7 - 3 }
    let day = monday(fourth) + Int64((week - 1) * 7 + weekday - 1)
    return day < monday(last + 4) ? day : nil
  }

  /// The year, from 1970 to 9999, of a day that is counted from 1970-01-01.
  static func year(ofDay day: Int64) -> Int {
    let guess = Int(min(max(day, 0), 2_932_896) * 400 / 146_097) + 1970
    // The guess is off by one at most, near the turn of a year.
    for year in [guess + 1, guess] { if let first = DateTime.day(year, 1, 1), first <= max(day, 0) { return year } }
    return guess - 1
  }
}
