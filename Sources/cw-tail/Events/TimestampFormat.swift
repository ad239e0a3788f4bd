internal import Config
internal import Unix

/// `timestamp_format`: finds a time in a line and reads it, in the words of strftime(3).
///
/// It knows the directives of the CloudWatch agent, with their meanings: the time may be anywhere in the line; days, months and hours may be
/// one digit after a space. Names of months and days are English, in any case, whole or cut after three letters or more. A fraction may be
/// missing, along with the point or comma before it.
final class TimestampFormat {
  /// The zone of times that do not name theirs.
  typealias Zone = Configuration.TimeZoneChoice

  struct Match: Equatable {
    /// The bytes of the time.
    let range: Range<Int>
    /// Milliseconds since the epoch.
    let timestamp: Int64
  }

  private enum Element: Equatable {
    case literal(UInt8)
    case year, shortYear, month, monthName, day, dayName, hour, minute, second, fraction, halfOfDay, offset, zoneName
    /// That byte and a fraction, or neither.
    case fractionBehind(UInt8)
    /// A time since the epoch, in seconds, milli-, micro- or nanoseconds by the number of digits.
    case epoch
    case dayOfYear
    /// By ISO 8601: the year to which a week belongs, the week, the day of the week from Monday on.
    case weekYear, week, weekday
    /// As those above, but a single digit is enough.
    case shortHour, shortMinute, shortSecond
    /// 1 to 12.
    case hourOfHalf, shortHourOfHalf
  }

  private let elements: [Element]
  private let clock: ZoneClock
  private let dateFields: DateFields

  /// The fields that determine the day.
  private enum DateFields { case none, day, yearAndDay, dayOfYear, week, epoch }

  /// - Throws: `ConfigurationError` if a directive is unknown, or the date is incomplete.
  init(_ format: String, zone: Zone) throws {
    let elements = try Self.parse(format)
    clock = ZoneClock(zone)
    dateFields = try Self.dateFields(elements, format)
    self.elements = elements
  }

  private static func dateFields(_ elements: [Element], _ format: String) throws -> DateFields {
    func has(_ wanted: Element...) -> Bool { wanted.contains { elements.contains($0) } }
    if has(.epoch) { return .epoch }
    func incomplete(_ need: String) -> ConfigurationError {
      ConfigurationError("timestamp_format \"\(format)\" names a part of a date only; it needs \(need)")
    }
    if has(.weekYear, .week) {
      guard has(.weekYear), has(.week) else { throw incomplete("a year of weeks (%G) and a week (%V)") }
      return .week
    }
    let hasYear = has(.year, .shortYear)
    if has(.dayOfYear) {
      guard hasYear else { throw incomplete("a year (%Y) and its day (%j)") }
      return .dayOfYear
    }
    let hasDay = has(.day)
    guard hasDay == has(.month, .monthName), hasDay || !hasYear else { throw incomplete("a day (%d) and a month (%m, %b or %B)") }
    guard hasDay || has(.hour, .shortHour, .hourOfHalf, .shortHourOfHalf) else {
      throw ConfigurationError("timestamp_format \"\(format)\" names neither a date (%Y-%m-%d) nor a time (%H:%M:%S)")
    }
    return !hasDay ? .none : hasYear ? .yearAndDay : .day
  }

  private static let known: [(String, Element)] = [
    ("B", .monthName), ("b", .monthName), ("m", .month), ("-m", .month), ("A", .dayName), ("a", .dayName), ("d", .day), ("-d", .day),
    ("e", .day), ("H", .hour), ("-H", .shortHour), ("I", .hourOfHalf), ("-I", .shortHourOfHalf), ("M", .minute),
    ("-M", .shortMinute), ("S", .second), ("-S", .shortSecond), ("Y", .year), ("y", .shortYear), ("p", .halfOfDay),
    ("Z", .zoneName), ("z", .offset), ("f", .fraction), ("%", .literal(UInt8(ascii: "%"))), ("k", .hour), ("l", .hourOfHalf),
    ("s", .epoch), ("j", .dayOfYear), ("G", .weekYear), ("V", .week), ("u", .weekday),
  ]
  private static let short = [("F", "%Y-%m-%d"), ("T", "%H:%M:%S"), ("R", "%H:%M"), ("D", "%m/%d/%y")]

  private static func parse(_ format: String) throws -> [Element] {
    var elements: [Element] = []
    var rest = format[...].utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        elements.append(.literal(byte))
        continue
      }
      if let (name, long) = short.first(where: { rest.starts(with: $0.0.utf8) }) {
        rest = rest.dropFirst(name.utf8.count)
        elements += try parse(long)
        continue
      }
      guard let (name, element) = known.first(where: { rest.starts(with: $0.0.utf8) }) else {
        let wrong = String(Substring(rest).prefix(rest.first == UInt8(ascii: "-") ? 2 : 1))
        throw ConfigurationError(
          "timestamp_format \"\(format)\" has \"%\(wrong)\", which is not known; known are "
            + (known.map(\.0) + short.map(\.0)).map { "%\($0)" }.joined(separator: " "))
      }
      rest = rest.dropFirst(name.utf8.count)
      if element == .fraction, case .literal(let byte) = elements.last, byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") {
        elements[elements.count - 1] = .fractionBehind(byte)
      } else {
        elements.append(element)
      }
    }
    return elements
  }

  // MARK: - searching

  /// The first time in a line; nil if there is none. A date that does not exist is no time.
  /// - Parameter now: milliseconds since the epoch. A missing year is the one that makes the time nearest to now, at most a day after it.
  func find(in line: UnsafeRawBufferPointer, now: Int64) -> Match? {
    guard case .literal(let byte) = elements.first else {
      for start in 0..<line.count { if let match = match(line, at: start, now: now) { return match } }
      return nil
    }
    var cursor = 0
    while let start = line.firstIndex(of: byte, from: cursor) {
      if let match = match(line, at: start, now: now) { return match }
      cursor = start + 1
    }
    return nil
  }

  private func match(_ line: UnsafeRawBufferPointer, at start: Int, now: Int64) -> Match? {
    var reader = FieldReader(line, at: start)
    // A time begins neither inside a number nor with a space, unless the space replaces the first digit of an hour.
    if start > 0, reader.isAtDigit, FieldReader.isDigit(line[start - 1]) { return nil }
    if line[start] == UInt8(ascii: " "), ![.literal(UInt8(ascii: " ")), .hour, .hourOfHalf].contains(elements.first) { return nil }
    var time = TimestampFields()
    for element in elements { guard read(element, &reader, &time) else { return nil } }
    guard let timestamp = timestamp(of: time, now: now), timestamp >= 0 else { return nil }
    return Match(range: start..<reader.cursor, timestamp: timestamp)
  }

  private func read(_ element: Element, _ reader: inout FieldReader, _ time: inout TimestampFields) -> Bool {
    switch element {
    case .literal(let byte): return reader.skip(byte)
    case .year: return reader.readNumber(digits: 4...4, &time.year)
    case .shortYear:
      guard reader.readNumber(digits: 2...2, &time.year) else { return false }
      time.year += time.year < 69 ? 2000 : 1900
      return true
    case .month, .day:
      _ = reader.skip(UInt8(ascii: " "))
      return element == .day ? reader.readNumber(digits: 1...2, &time.day) : reader.readNumber(digits: 1...2, &time.month)
    case .monthName: return reader.readName(of: FieldReader.months, &time.month)
    case .dayName:
      var day = 0
      return reader.readName(of: FieldReader.days, &day)
    case .hour, .hourOfHalf: return reader.readPaddedNumber(&time.hour) && isHour(time, element)
    case .shortHour, .shortHourOfHalf: return reader.readNumber(digits: 1...2, &time.hour) && isHour(time, element)
    case .minute: return reader.readNumber(digits: 2...2, &time.minute)
    case .shortMinute: return reader.readNumber(digits: 1...2, &time.minute)
    case .second: return reader.readNumber(digits: 2...2, &time.second)
    case .shortSecond: return reader.readNumber(digits: 1...2, &time.second)
    case .fraction: return reader.readFraction(&time.millisecond)
    case .fractionBehind(let byte):
      let before = reader
      if !(reader.skip(byte) && reader.readFraction(&time.millisecond)) { reader = before }
      return true
    case .epoch: return reader.readEpoch(&time.epoch)
    case .dayOfYear: return reader.readNumber(digits: 3...3, &time.day)
    case .weekYear: return reader.readNumber(digits: 4...4, &time.year)
    case .week: return reader.readNumber(digits: 2...2, &time.week)
    case .weekday: return reader.readNumber(digits: 1...1, &time.weekday)
    case .halfOfDay: return reader.readHalf(&time.isAfternoon)
    case .offset: return reader.readOffset(&time.offset)
    case .zoneName: return reader.readZoneName(&time.offset, &time.zone) || reader.readOffset(&time.offset)
    }
  }

  private func isHour(_ time: TimestampFields, _ element: Element) -> Bool {
    element == .hour || element == .shortHour || (1...12).contains(time.hour)
  }

  // MARK: - arithmetic

  private static let secondsOfDay: Int64 = 86_400

  private func timestamp(of time: TimestampFields, now: Int64) -> Int64? {
    if dateFields == .epoch { return time.epoch.map { $0 + Int64(time.millisecond) } }
    guard let secondOfDay = time.secondOfDay else { return nil }
    let today = now.flooredQuotient(by: 1000 * Self.secondsOfDay)
    func instant(_ day: Int64?) -> Int64? {
      guard let day else { return nil }
      let asIfUTC = day * Self.secondsOfDay + secondOfDay
      guard let seconds = time.offset.map({ asIfUTC - Int64($0) }) ?? clock.seconds(asIfUTC, zone: time.zone) else { return nil }
      return seconds * 1000 + Int64(time.millisecond)
    }
    switch dateFields {
    case .none:
      let instants = (-2...2).compactMap { instant(today + $0) }
      return instants.min { abs($0 - now) < abs($1 - now) }
    case .yearAndDay: return instant(DateTime.day(time.year, time.month, time.day))
    case .dayOfYear: return instant(TimestampFields.day(time.year, dayOfYear: time.day))
    case .week: return instant(TimestampFields.day(time.year, week: time.week, weekday: time.weekday))
    case .day, .epoch: break
    }
    // Two 29ths of February may be eight years apart, as around 1900 and 2100.
    let year = TimestampFields.year(ofDay: today)
    for candidate in stride(from: year + 1, through: year - 8, by: -1) {
      guard let found = instant(DateTime.day(candidate, time.month, time.day)) else { continue }
      if found <= now + 1000 * Self.secondsOfDay { return found }
    }
    return nil
  }
}
