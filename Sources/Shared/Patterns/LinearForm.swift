/// A pattern in the form in which PCRE2's linear matcher, `pcre2_dfa_match`, is linear.
///
/// The matcher walks the rest of the line once for each offset where a match may begin: so the pattern begins with "anything",
/// and begins at one offset. And it counts the turns of a single item's `+`, which makes as many states of one as there are
/// beginnings: so the item becomes a group, whose turns are not counted. The callout is where the clock is looked at.
enum LinearForm {
  /// A pattern with one of these has no such form: a recursion into the whole pattern would take the beginning along, a verb must stand
  /// first, and an atomic group matches the first alternative to backtracking but the longest to this matcher.
  private static let unsupported = ["(*", "(?R", "(?0", "\\g", "(?>", "++", "*+", "?+", "}+"]

  /// Nil if there is none.
  static func make(of pattern: [UInt8]) -> [UInt8]? {
    let text = String(decoding: pattern, as: UTF8.self)
    if unsupported.contains(where: { text.contains($0) }) { return nil }
    return Array("(?s:.*?)(?C1)(?:".utf8) + (groupItems(of: pattern) ?? pattern) + Array(")".utf8)
  }

  /// `[a-z]+` to `(?:[a-z])+` everywhere; nil where it is not certain what an item is.
  private static func groupItems(of pattern: [UInt8]) -> [UInt8]? {
    if mayBeFreeForm(pattern) { return nil }
    var result: [UInt8] = []
    var item: Int?  // where the last item begins in `result`
    var offset = 0
    while offset < pattern.count {
      let byte = pattern[offset]
      let next = offset + 1 < pattern.count ? pattern[offset + 1] : 0
      var length = 1
      switch byte {
      case UInt8(ascii: "+"):
        if let first = item {
          result.insert(contentsOf: "(?:".utf8, at: first)
          result.append(UInt8(ascii: ")"))
        }
        item = nil
      case _ where "*?{}()|^$".utf8.contains(byte): item = nil
      case UInt8(ascii: "\\"):
        guard isSimpleEscape(next) else { return nil }
        item = result.count
        length = 2
      case UInt8(ascii: "["):
        item = result.count
        length = classLength(pattern, at: offset)
      default:
        item = result.count
        while offset + length < pattern.count, pattern[offset + length] & 0xC0 == 0x80 { length += 1 }
      }
      result += pattern[offset..<min(offset + length, pattern.count)]
      offset += length
    }
    return result
  }

  /// Where white space, comments or quoted parts may stand, an item cannot be told by looking.
  private static func mayBeFreeForm(_ pattern: [UInt8]) -> Bool {
    let text = String(decoding: pattern, as: UTF8.self)
    if text.contains("(?#") { return true }
    return text.split(separator: "(?", omittingEmptySubsequences: false).dropFirst().contains { rest in
      rest.prefix { $0.isLetter || $0 == "-" || $0 == "^" }.contains("x")
    }
  }

  private static func isSimpleEscape(_ letter: UInt8) -> Bool {
    switch letter {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E, 0x20: true
    default: "dDwWsShHVNRtnrfaebBAzZ".utf8.contains(letter)
    }
  }

  /// Bytes of the class that begins at `offset`.
  private static func classLength(_ pattern: [UInt8], at offset: Int) -> Int {
    var end = offset + 1
    if end < pattern.count, pattern[end] == UInt8(ascii: "^") { end += 1 }
    if end < pattern.count, pattern[end] == UInt8(ascii: "]") { end += 1 }
    while end < pattern.count, pattern[end] != UInt8(ascii: "]") {
      let special = POSIXClass.length(pattern, at: end)
      end += special > 0 ? special : pattern[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return end + 1 - offset
  }
}
