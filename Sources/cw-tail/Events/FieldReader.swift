internal import Unix

/// Reads the fields of a time one after the other. A method that returns false may have consumed some bytes.
struct FieldReader {
  private let line: UnsafeRawBufferPointer
  /// The index of the first byte that is not read yet.
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

  // Reads up to `most` digits, and sets `value` to the number that the first `kept` of them are. Returns how many were read.
  private mutating func readDigits(_ most: Int, keeping kept: Int, _ value: inout Int) -> Int {
    var count = 0
    value = 0
    while count < most, isAtDigit {
      if count < kept { value = value * 10 + Int(line[cursor] & 0x0F) }
      cursor += 1
      count += 1
    }
    return count
  }

  /// Reads as many digits as there are, up to the upper bound of `digits`; there must be at least the lower bound.
  mutating func readNumber(digits: ClosedRange<Int>, _ number: inout Int) -> Bool {
    let count = readDigits(digits.upperBound, keeping: digits.upperBound, &number)
    return count >= digits.lowerBound
  }

  /// Reads two digits, or a space and a digit.
  mutating func readPaddedNumber(_ number: inout Int) -> Bool {
    skip(UInt8(ascii: " ")) ? readNumber(digits: 1...1, &number) && !isAtDigit : readNumber(digits: 2...2, &number)
  }

  /// Reads a time since the epoch as milliseconds: 10 digits are seconds; 13, 16 or 19 are milli-, micro- or nanoseconds.
  mutating func readEpoch(_ milliseconds: inout Int64?) -> Bool {
    var value = 0
    let count = readDigits(19, keeping: 13, &value)
    guard [10, 13, 16, 19].contains(count), !isAtDigit else { return false }
    milliseconds = Int64(count == 10 ? value * 1000 : value)
    return true
  }

  /// Reads one to nine digits of a decimal fraction of a second, as milliseconds.
  mutating func readFraction(_ milliseconds: inout Int) -> Bool {
    let count = readDigits(9, keeping: 3, &milliseconds)
    for _ in min(count, 3)..<3 { milliseconds *= 10 }
    return count > 0
  }

  /// Reads a name of the list, or its first three letters or more (`Sept`), in any case; `number` counts from 1.
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

  /// Reads `Z`, `+hh`, `+hhmm` or `+hh:mm`, as seconds.
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
    if !readNumber(digits: 2...2, &minutes) { (cursor, minutes) = (behindHours, 0) }
    guard hours < 24, minutes < 60 else { return false }
    offset = (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    return true
  }

  /// Reads an abbreviation of two to six letters. Only UTC and GMT, which an offset may follow (`UTC+2`, `UTC+02:00`), identify a zone: CST
  /// is one in America and one in China.
  /// - Parameter name: set to the letters if they are neither UTC nor GMT.
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

  /// How many bytes from the cursor on equal those of `name`, which is lower case, in any case.
  private func countSame(as name: StaticString) -> Int {
    var count = 0
    while count < name.utf8CodeUnitCount, cursor + count < line.count, Self.lower(line[cursor + count]) == name.utf8Start[count] {
      count += 1
    }
    return count
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte | 0x20 }
}
