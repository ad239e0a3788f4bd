/// Finds texts of which every match of a pattern must contain at least one, by reading the pattern.
///
/// Lines without them need no matcher. Nothing is guessed: where the reading gets difficult, there are none. Only printable
/// ASCII counts, which means the same as bytes and as characters, in a line and in its repaired copy.
struct RequiredLiterals {
  /// Shorter texts are in every line.
  private static let shortest = 3
  private static let most = 16

  /// Nil if none could be proven. The pattern is one that PCRE2 has accepted.
  static func find(in pattern: [UInt8]) -> [[UInt8]]? {
    var reader = RequiredLiterals(pattern: pattern)
    reader.skipHarmlessFlags()
    guard let fact = reader.readAlternatives(), reader.offset == pattern.count else { return nil }
    return better(fact.required, fact.texts)
  }

  /// What is known of a part of the pattern.
  private struct Fact {
    /// All the texts that it can match, if they are few. A part that matches no characters has the empty one.
    var texts: [[UInt8]]?
    /// Texts with one of which each match begins, where not all of it is known.
    var beginnings: [[UInt8]]?
    /// Texts of which each match has at least one.
    var required: [[UInt8]]?

    static let nothing = Fact()
    static let empty = Fact(texts: [[]])
  }

  private let pattern: [UInt8]
  private var offset = 0

  private init(pattern: [UInt8]) { self.pattern = pattern }

  private var next: UInt8? { offset < pattern.count ? pattern[offset] : nil }

  /// The flags `m` and `s` in front change no text.
  private mutating func skipHarmlessFlags() {
    guard pattern.starts(with: "(?".utf8), let end = pattern.firstIndex(of: UInt8(ascii: ")")) else { return }
    if pattern[2..<end].allSatisfy({ "ms".utf8.contains($0) }) { offset = end + 1 }
  }

  // MARK: - alternatives and sequences

  private mutating func readAlternatives() -> Fact? {
    guard var all = readSequence() else { return nil }
    while next == UInt8(ascii: "|") {
      offset += 1
      guard let other = readSequence() else { return nil }
      all = Fact(
        texts: Self.union(all.texts, other.texts),
        beginnings: Self.union(all.texts ?? all.beginnings, other.texts ?? other.beginnings),
        required: Self.union(Self.better(all.required, all.texts), Self.better(other.required, other.texts)))
    }
    return all
  }

  private mutating func readSequence() -> Fact? {
    var run: [[UInt8]] = [[]]  // what the parts read last match side by side
    var isWhole = true
    var beginnings: [[UInt8]]?
    var best: [[UInt8]]?
    while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      guard let part = readPart() else { return nil }
      if let texts = part.texts, let longer = Self.product(run, texts) {
        run = longer
        continue
      }
      let longest = part.beginnings.flatMap { Self.product(run, $0) } ?? run
      best = Self.better(Self.better(best, longest), part.required)
      if isWhole { beginnings = longest }
      run = part.texts ?? [[]]
      isWhole = false
    }
    return Fact(texts: isWhole ? run : nil, beginnings: beginnings, required: Self.better(best, run))
  }

  // MARK: - parts

  private mutating func readPart() -> Fact? {
    guard let byte = next else { return nil }
    let fact: Fact?
    switch byte {
    case UInt8(ascii: "("): fact = readGroup()
    case UInt8(ascii: "["): fact = readClass()
    case UInt8(ascii: "\\"): fact = readEscape()
    case UInt8(ascii: "."):
      offset += 1
      fact = .nothing
    case UInt8(ascii: "^"), UInt8(ascii: "$"):
      offset += 1
      fact = .empty
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): fact = nil
    case UInt8(ascii: "{") where mayBeBound: fact = nil
    default:
      offset += 1
      fact = Self.character(byte)
    }
    guard let fact else { return nil }
    return readQuantifier(of: fact)
  }

  private static func character(_ byte: UInt8) -> Fact {
    (0x20...0x7E).contains(byte) ? Fact(texts: [[byte]]) : .nothing
  }

  private mutating func readQuantifier(of fact: Fact) -> Fact? {
    guard let byte = next else { return fact }
    let atLeastOnce = Fact(beginnings: fact.texts ?? fact.beginnings, required: Self.better(fact.required, fact.texts))
    var result: Fact
    switch byte {
    case UInt8(ascii: "*"): result = .nothing
    case UInt8(ascii: "+"): result = atLeastOnce
    case UInt8(ascii: "?"): result = Fact(texts: Self.union(fact.texts, [[]]))
    case UInt8(ascii: "{") where mayBeBound:
      guard let least = readBound() else { return nil }
      result = least > 0 ? atLeastOnce : .nothing
    default: return fact
    }
    offset += 1
    // Lazy or possessive.
    if next == UInt8(ascii: "?") || next == UInt8(ascii: "+") { offset += 1 }
    // A quantifier of a quantifier is not valid; of an assertion it is, and means nothing.
    if fact.texts == [[]] { result = .empty }
    return result
  }

  /// Whether the brace here may begin a bound; before anything but these it is a character.
  private var mayBeBound: Bool {
    guard offset + 1 < pattern.count else { return false }
    return "0123456789, ".utf8.contains(pattern[offset + 1])
  }

  /// `{n}`, `{n,}` or `{n,m}` up to its closing brace: the least number.
  private mutating func readBound() -> Int? {
    guard let end = pattern[offset...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let parts = pattern[(offset + 1)..<end].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let digits = pattern[(offset + 1)..<end].filter { $0 != UInt8(ascii: ",") }
    guard parts.count <= 2, digits.allSatisfy({ (0x30...0x39).contains($0) }),
      let least = parts.first.flatMap({ Int(String(decoding: $0, as: UTF8.self)) })
    else { return nil }
    offset = end
    return least
  }

  private mutating func readGroup() -> Fact? {
    offset += 1
    var isAssertion = false
    if next == UInt8(ascii: "*") { return nil }
    if next == UInt8(ascii: "?") {
      let openings = ["?:", "?P<", "?=", "?!", "?<=", "?<!", "?<"]
      guard let opening = openings.first(where: { pattern[offset...].starts(with: $0.utf8) }) else { return nil }
      offset += opening.utf8.count
      isAssertion = opening.hasSuffix("=") || opening.hasSuffix("!")
      if !isAssertion, opening.hasSuffix("<") {
        guard let end = pattern[offset...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
        offset = end + 1
      }
    }
    guard let inner = readAlternatives(), next == UInt8(ascii: ")") else { return nil }
    offset += 1
    return isAssertion ? .empty : inner
  }

  private mutating func readEscape() -> Fact? {
    guard offset + 1 < pattern.count else { return nil }
    let letter = pattern[offset + 1]
    offset += 2
    switch letter {
    case _ where "dDwWsStnrfae".utf8.contains(letter): return .nothing
    case _ where "bBAzZ".utf8.contains(letter): return .empty
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E, 0x20: return Self.character(letter)
    default: return nil
    }
  }

  private mutating func readClass() -> Fact? {
    offset += 1
    var isSimple = next != UInt8(ascii: "^")
    if !isSimple { offset += 1 }
    var members: [[UInt8]] = []
    var isFirst = true
    while let byte = next {
      if byte == UInt8(ascii: "]"), !isFirst {
        offset += 1
        return isSimple && members.count <= 4 ? Fact(texts: members) : .nothing
      }
      isFirst = false
      let special = POSIXClass.length(pattern, at: offset)
      if byte == UInt8(ascii: "\\") {
        isSimple = false
        offset += 2
      } else if special > 0 {
        isSimple = false
        offset += special
      } else {
        // A range, or a character that counts for more than itself.
        if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "[") || !(0x20...0x7E).contains(byte) { isSimple = false }
        members.append([byte])
        offset += 1
      }
    }
    return nil
  }

  // MARK: - lists of texts

  /// The one that finds fewer lines, if it is of use at all.
  private static func better(_ a: [[UInt8]]?, _ b: [[UInt8]]?) -> [[UInt8]]? {
    let rankA = rank(a)
    let rankB = rank(b)
    if rankA == 0, rankB == 0 { return nil }
    return rankB > rankA ? b : a
  }

  /// 0: of no use. Up to some length, longer is better than fewer.
  private static func rank(_ texts: [[UInt8]]?) -> Int {
    guard let texts, let least = texts.map(\.count).min(), least >= shortest else { return 0 }
    return min(least, 6) * 4 * most - texts.count
  }

  private static func union(_ a: [[UInt8]]?, _ b: [[UInt8]]?) -> [[UInt8]]? {
    guard let a, let b, a.count + b.count <= 2 * most else { return nil }
    return a + b
  }

  private static func product(_ a: [[UInt8]], _ b: [[UInt8]]) -> [[UInt8]]? {
    guard a.count * b.count <= most else { return nil }
    return a.flatMap { first in b.map { first + $0 } }
  }
}
