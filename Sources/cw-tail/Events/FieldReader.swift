internal import Unix

/// Reads the parts of a time one after the other. What returns false may have read some bytes.
struct FieldReader {
  private let line: UnsafeRawBufferPointer
  /// The first byte that is not read yet.
  private(set) var cursor: Int

  init(_ line: UnsafeRawBufferPointer, at cursor: Int) {
    self.line = line
    self.cursor = cursor
  }

  static let months: [StaticString] = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
  ]
  static let days: [StaticString] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  var isAtDigit: Bool { cursor < line.count && Self.isDigit(line[cursor]) }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard cursor < line.count, line[cursor] == byte else { return false }
    cursor += 1
    return true
  }

  /// Reads as many digits as there are, up to the most; their number must be in `digits`.
  mutating func readNumber(digits: ClosedRange<Int>, _ number: inout Int) -> Bool {
    var value = 0
    var count = 0
    while count < digits.upperBound, isAtDigit {
      value = value * 10 + Int(line[cursor] & 0x0F)
      cursor += 1
      count += 1
    }
    number = value
    return count >= digits.lowerBound
  }

  /// Reads two digits, or a space in the place of the first.
  mutating func readPaddedNumber(_ number: inout Int) -> Bool {
    skip(UInt8(ascii: " ")) ? readNumber(digits: 1...1, &number) && !isAtDigit : readNumber(digits: 2...2, &number)
  }

  /// Seconds since the epoch, ten digits, or as many more as make them milli-, micro- or nanoseconds; as milliseconds.
  mutating func readEpoch(_ milliseconds: inout Int64?) -> Bool {
    var value: Int64 = 0
    var count = 0
    while count < 19, isAtDigit {
      if count < 13 { value = value * 10 + Int64(line[cursor] & 0x0F) }
      cursor += 1
      count += 1
    }
    guard [10, 13, 16, 19].contains(count), !isAtDigit else { return false }
    milliseconds = count == 10 ? value * 1000 : value
    return true
  }

  /// One to nine digits behind a point, as milliseconds.
  mutating func readFraction(_ milliseconds: inout Int) -> Bool {
    var value = 0
    var count = 0
    while count < 9, isAtDigit {
      if count < 3 { value = value * 10 + Int(line[cursor] & 0x0F) }
      cursor += 1
      count += 1
    }
    for _ in min(count, 3)..<3 { value *= 10 }
    milliseconds = value
    return count > 0
  }

  /// A name of the list, or its first three letters or more (`Sept`), in any case; `number` counts from 1.
  mutating func readName(of names: [StaticString], _ number: inout Int) -> Bool {
    guard line.count - cursor >= 3, Self.lower(line[cursor]) >= 0x61 else { return false }
    for (index, name) in names.enumerated() {
      let same = countSame(as: name)
      guard same >= 3 else { continue }
      cursor += same == name.utf8CodeUnitCount || !isLetter(cursor + same) ? same : 3
      number = index + 1
      return true
    }
    return false
  }

  mutating func readHalf(_ isAfternoon: inout Bool?) -> Bool {
    guard countSame(as: "am") == 2 || countSame(as: "pm") == 2 else { return false }
    isAfternoon = Self.lower(line[cursor]) == UInt8(ascii: "p")
    cursor += 2
    return true
  }

  /// `Z`, `+hh`, `+hhmm` or `+hh:mm`, as seconds.
  mutating func readOffset(_ offset: inout Int?) -> Bool {
    guard cursor < line.count else { return false }
    if Self.lower(line[cursor]) == UInt8(ascii: "z"), !isLetter(cursor + 1) {
      cursor += 1
      offset = 0
      return true
    }
    return readSignedOffset(hours: 2...2, &offset)
  }

  private mutating func readSignedOffset(hours digits: ClosedRange<Int>, _ offset: inout Int?) -> Bool {
    guard cursor < line.count else { return false }
    let sign = line[cursor]
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
    cursor += 1
    var hours = 0
    var minutes = 0
    guard readNumber(digits: digits, &hours) else { return false }
    let behindHours = cursor
    _ = skip(UInt8(ascii: ":"))
    if !readNumber(digits: 2...2, &minutes) {
      cursor = behindHours
      minutes = 0
    }
    guard hours < 24, minutes < 60 else { return false }
    offset = (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    return true
  }

  /// An abbreviation of two to six letters. But for UTC and GMT, behind which an offset may stand (`UTC+2`, `UTC+02:00`), it does not
  /// tell a zone: CST is one in America and one in China.
  /// - Parameter name: the letters, if they tell nothing by themselves.
  mutating func readZoneName(_ offset: inout Int?, _ name: inout UnsafeRawBufferPointer) -> Bool {
    var end = cursor
    while end - cursor < 7, isLetter(end) { end += 1 }
    guard (2...6).contains(end - cursor) else { return false }
    guard end - cursor == 3, countSame(as: "utc") == 3 || countSame(as: "gmt") == 3 else {
      name = line.part(cursor..<end)
      cursor = end
      return true
    }
    cursor = end
    offset = 0
    var rest = self
    if rest.readSignedOffset(hours: 1...2, &offset) { self = rest } else { offset = 0 }
    return true
  }

  private func isLetter(_ cursor: Int) -> Bool {
    cursor < line.count && (0x61...0x7A).contains(Self.lower(line[cursor]))
  }

  /// How many bytes here are those of `name`, which is lower case.
  private func countSame(as name: StaticString) -> Int {
    var count = 0
    while count < name.utf8CodeUnitCount, cursor + count < line.count, Self.lower(line[cursor + count]) == name.utf8Start[count] {
      count += 1
    }
    return count
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte | 0x20 }
}
