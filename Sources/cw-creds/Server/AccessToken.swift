/// What a client must know to get credentials: 32 random bytes in base64url, new at each start.
struct AccessToken: Equatable {
  let text: String

  init(using random: inout some RandomNumberGenerator) {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    // 256 bits are 43 digits of six; the last has two that are always zero.
    var bits: UInt32 = 0
    var count = 0
    var digits: [UInt8] = []
    for _ in 0..<32 {
      bits = bits << 8 | UInt32(UInt8.random(in: .min ... .max, using: &random))
      count += 8
      while count >= 6 {
        count -= 6
        digits.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
      bits &= 63
    }
    digits.append(alphabet[Int(bits << UInt32(6 - count) & 63)])
    text = String(decoding: digits, as: UTF8.self)
  }

  /// Whether this is the token. Takes as long whatever stands in it, so that nobody can find it digit by digit.
  func matches(_ given: String) -> Bool {
    let own = Array(text.utf8)
    let given = Array(given.utf8)
    guard own.count == given.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(own, given) { difference |= a ^ b }
    return difference == 0
  }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
  var description: String { "(token)" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
