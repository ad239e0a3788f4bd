/// Reading moments of outside data. (A format style of Foundation's takes one form of RFC 3339, and what is written takes many.)
extension DateTime {
  /// Milliseconds since the epoch of `2026-01-05T03:04:05Z`, as AWS's answers, its tools' files and `credential_process` write it, with
  /// or without a fraction, in any zone, from 1970 to 9999; nil if the text is no such moment.
  package static func milliseconds(iso8601 text: String) -> Int64? {
    var rest = Array(text.utf8)[...]
    func number(_ digits: Int, _ range: ClosedRange<Int>) -> Int? {
      let part = rest.prefix(digits)
      guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      rest = rest.dropFirst(digits)
      let value = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      return range.contains(value) ? value : nil
    }
    func skip(_ characters: StaticString) -> Bool {
      let isOne = characters.withUTF8Buffer { $0.contains { $0 == rest.first } }
      if isOne { rest = rest.dropFirst() }
      return isOne
    }
    guard let year = number(4, 1970...9999), skip("-"), let month = number(2, 1...12), skip("-"), let day = number(2, 1...31), skip("Tt "),
      let hour = number(2, 0...23), skip(":"), let minute = number(2, 0...59), skip(":"), let second = number(2, 0...60),
      let days = Self.day(year, month, day)
    else { return nil }
    var fraction = 0
    if skip(".,") {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty else { return nil }
      rest = rest.dropFirst(digits.count)
      fraction = (Array(digits) + [0x30, 0x30]).prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    var minutesAhead = 0
    switch String(decoding: rest, as: UTF8.self) {
    // The AWS CLI has written `UTC` as well.
    case "Z", "z", "UTC": break
    default:
      let sign = rest.first == UInt8(ascii: "-") ? -1 : 1
      guard skip("+-"), let hours = number(2, 0...23) else { return nil }
      _ = skip(":")
      guard let minutes = number(2, 0...59), rest.isEmpty else { return nil }
      minutesAhead = sign * (hours * 60 + minutes)
    }
    return milliseconds(days, hour, minute - minutesAhead, second) + Int64(fraction)
  }

  /// Milliseconds since the epoch of `Mon, 05 Jan 2026 03:04:05 GMT`, the only form in which servers may send a `Date` (RFC 9110
  /// §5.6.7), from 1970 to 9999; nil for anything else.
  package static func milliseconds(httpDate text: String) -> Int64? {
    let parts = text.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "," })
    guard parts.count == 8, parts[7] == "GMT", let day = Int(parts[1]), let month = months.firstIndex(of: String(parts[2])),
      let year = Int(parts[3]), (1970...9999).contains(year), let hour = Int(parts[4]), (0...23).contains(hour),
      let minute = Int(parts[5]), (0...59).contains(minute), let second = Int(parts[6]), (0...60).contains(second),
      let days = Self.day(year, month + 1, day)
    else { return nil }
    return milliseconds(days, hour, minute, second)
  }

  private static func milliseconds(_ days: Int64, _ hour: Int, _ minute: Int, _ second: Int) -> Int64 {
    (days * 86_400 + Int64(hour * 3600 + minute * 60 + second)) * 1000
  }
}
