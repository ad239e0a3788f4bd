/// Moments as AWS's answers, its tools' files and `credential_process` write them (RFC 3339).
///
/// By hand: a format style of Foundation's takes one form of these, and what is written takes many.
package enum ISO8601 {
  /// Milliseconds since the epoch of `2026-01-05T03:04:05Z`, with or without a fraction, in any zone; nil if the text is no such moment.
  package static func milliseconds(_ text: String) -> Int64? {
    var rest = Array(text.utf8)[...]
    func number(_ digits: Int, _ range: ClosedRange<Int64>) -> Int64? {
      let part = rest.prefix(digits)
      guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      rest = rest.dropFirst(digits)
      let value = part.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
      return range.contains(value) ? value : nil
    }
    func skip(_ characters: StaticString) -> Bool {
      let isOne = characters.withUTF8Buffer { $0.contains { $0 == rest.first } }
      if isOne { rest = rest.dropFirst() }
      return isOne
    }
    guard let year = number(4, 1970...9999), skip("-"), let month = number(2, 1...12), skip("-"), let day = number(2, 1...31), skip("Tt "),
      let hour = number(2, 0...23), skip(":"), let minute = number(2, 0...59), skip(":"), let second = number(2, 0...60)
    else { return nil }
    var fraction: Int64 = 0
    if skip(".,") {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty else { return nil }
      rest = rest.dropFirst(digits.count)
      fraction = (Array(digits) + [0x30, 0x30]).prefix(3).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    var minutesAhead: Int64 = 0
    switch String(decoding: rest, as: UTF8.self) {
    // The AWS CLI has written `UTC` as well.
    case "Z", "z", "UTC": break
    default:
      let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
      guard skip("+-"), let hours = number(2, 0...23) else { return nil }
      _ = skip(":")
      guard let minutes = number(2, 0...59), rest.isEmpty else { return nil }
      minutesAhead = sign * (hours * 60 + minutes)
    }
    let days = HTTPDate.days(year, Int(month), day)
    return (days * 86400 + hour * 3600 + (minute - minutesAhead) * 60 + second) * 1000 + fraction
  }

  /// `2026-01-05T03:04:05Z`
  package static func text(_ milliseconds: Int64) -> String {
    let digits = Array(SigningDate(milliseconds: milliseconds).timestamp.utf8)
    guard digits.count == 16 else { return "" }
    func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
    return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
  }
}
