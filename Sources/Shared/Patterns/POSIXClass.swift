/// `[:alpha:]`, as PCRE2 reads it inside a class.
enum POSIXClass {
  /// Bytes of the one that begins at `offset`; 0 if none does.
  static func length(_ pattern: [UInt8], at offset: Int) -> Int {
    guard offset + 1 < pattern.count, pattern[offset] == UInt8(ascii: "["), pattern[offset + 1] == UInt8(ascii: ":") else {
      return 0
    }
    var end = offset + 2
    while end < pattern.count, (0x61...0x7A).contains(pattern[end]) || pattern[end] == UInt8(ascii: "^") { end += 1 }
    guard end + 1 < pattern.count, pattern[end] == UInt8(ascii: ":"), pattern[end + 1] == UInt8(ascii: "]") else { return 0 }
    return end + 2 - offset
  }
}
