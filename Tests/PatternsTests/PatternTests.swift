import CPCRE2
internal import TestSupport
import Testing
import Unix

@testable import Patterns

struct PatternTests {
  private func search(_ pattern: String, _ line: [UInt8]) throws -> Pattern.Outcome {
    let pattern = try Pattern(pattern)
    let reader = SubjectReader()
    return withExtendedLifetime(reader) { line.withUnsafeBytes { pattern.search(reader.read($0)) } }
  }

  static let searches: [(String, String, Bool)] = [
    // Searched, not anchored; a dollar and a caret as Python's on one line.
    ("b", "abc", true), ("^b", "abc", false), ("c$", "abc", true), ("b$", "abc", false), ("^abc$", "abc", true),
    ("a$", "a\n", true), (#"a\Z"#, "a\n", false), (#"a\Z"#, "a", true), ("^b", "a\nb", false), ("(?m)^b", "a\nb", true),
    ("a.b", "a\nb", false), ("(?s)a.b", "a\nb", true), ("a.b", "a\rb", true),
    // Empty lines, empty patterns.
    ("", "", true), ("", "a", true), ("^$", "", true), ("^$", "a", false), (".", "", false), ("a*", "", true),
    // Groups, flags, references.
    (#"(?P<x>a+)-(?P=x)$"#, "aa-aa", true), (#"(?P<x>a+)-(?P=x)$"#, "aa-b", false), (#"(\w)\1"#, "abb", true),
    ("(?i)ERROR", "an error", true), ("(?i:E)rror", "eRROR", false), ("(?x) a b # c", "ab", true), ("(?<!a)b", "ab", false),
    ("(?<!a)b", "cb", true), ("a(?=b)", "ab", true), ("(?>a+)a", "aaa", false), ("x{,2}y", "xxxy", true), ("^x{,2}y", "xxxy", false),
    (#"\d{2,3}"#, "1a23", true), ("a|b|", "", true), ("[]x]", "]", true), ("[^]x]", "]", false), (#"a\.b"#, "axb", false),
    // Unicode classes, as Python's for text.
    (#"^\w+$"#, "größe", true), (#"^\d+$"#, "٣٤", true), (#"^\s$"#, "\u{2003}", true), ("^.$", "é", true), ("^..$", "é", false),
    ("(?i)GRÖSSE|größe", "GRÖßE", true), (#"(?a)^\w+$"#, "größe", false), (#"(?a)^\w+$"#, "grosse", true), (#"\bß"#, "aß", false),
    ("[ä-ü]", "ö", true), ("ä?b", "b", true), (#"ö"#, "o", false), (#"^\u00f6$"#, "ö", true), (#"^\U0001F600$"#, "😀", true),
    (#"\v"#, "\u{0b}", true), (#"\v"#, "\n", false), ("日本", "これは日本です", true),
  ]

  @Test(arguments: searches)
  func matchesAsPythonDoes(_ pattern: String, _ line: String, _ isMatch: Bool) throws {
    #expect(try search(pattern, Array(line.utf8)) == (isMatch ? .match : .noMatch))
  }

  /// The forms for long and for costly lines say what the quick one says.
  @Test(arguments: searches)
  func allFormsAgree(_ pattern: String, _ line: String, _ isMatch: Bool) throws {
    let source = PythonSyntax(pattern)
    let options = UInt32(PCRE2_UTF) | (source.isASCII ? 0 : UInt32(PCRE2_UCP))
    let hasBackReferences = pattern.contains("(?P=") || pattern.contains(#"\1"#)
    for isLong in [false, true] {
      let careful = try BoundedPattern(source.bytes, options: options, hasBackReferences: hasBackReferences, memory: MatchContext())
      let outcome = Array(line.utf8).withUnsafeBytes { careful.search($0, isLong: isLong) }
      #expect(outcome == (isMatch ? .match : .noMatch), "long: \(isLong)")
    }
  }

  /// What would hide a parenthesis behind it, and what must stand first.
  @Test(arguments: [
    "(?x) needle  # of a haystack", #"\Qneedle"#, #"(needle)\Q"#, "(*UTF)needle", "(*NO_JIT)(*LIMIT_MATCH=100000)needle",
    "(*COMMIT)needle|needle",
    "(?:needle(?x) # of a haystack\n)", "pin|needle", "(?x)pin|needle#", "(?|(needle)|(pin))",
  ])
  func aLongLineMatchesOnlyWhatAShortOneDoes(_ pattern: String) throws {
    let filler = [UInt8](repeating: 0x78, count: 3000)
    #expect(try search(pattern, Array("a nail".utf8)) == .noMatch)
    #expect(try search(pattern, filler + Array("a nail".utf8)) == .noMatch)
    if !pattern.hasPrefix("(*COMMIT)") { #expect(try search(pattern, filler + Array("a needle".utf8)) == .match) }
    #expect(try search(pattern, Array("needle".utf8) + filler) == .match)
  }

  static let bytes: [(String, [UInt8], Bool)] = [
    ("a.b", [0x61, 0xFF, 0x62], true), ("a..b", [0x61, 0xFF, 0x62], false), ("a.b", [0x61, 0xE2, 0x82, 0x62], true),
    ("secret", [0xC3] + Array("secret".utf8), true), ("ö", [0xFF, 0xC3, 0xB6, 0xC3], true), ("a\u{FFFD}b", [0x61, 0xFF, 0x62], true),
    ("^$", [0xFF], false), ("a.b", [0x61, 0x00, 0x62], true), (#"^\x00$"#, [0x00], true),
    ("password=.*@", Array("password=".utf8) + [0x80, 0x40], true),
  ]

  @Test(arguments: bytes)
  func bytesThatAreNotUTF8AreOneReplacementEach(_ pattern: String, _ line: [UInt8], _ isMatch: Bool) throws {
    #expect(try search(pattern, line) == (isMatch ? .match : .noMatch))
  }

  static let errors: [(String, Int, String, String)] = [
    ("a(b", 3, "missing closing parenthesis", #""a(b""#), ("*a", 0, "quantifier does not follow", "at its beginning"),
    ("[a", 2, "missing terminating ]", #""[a""#), (#"\uZZZZ"#, 2, "does not support", #""\u""#),
    (#"a\"#, 2, #"\ at end of pattern"#, #""a\""#),
    (#"\u0041\Zb(c"#, 11, "missing closing parenthesis", #"behind "\u0041\Zb(c""#), ("(?P<1>a)", 4, "", ""), (#"\C"#, 2, "", ""),
    ("((a{1,200}){1,200}){1,200}", 26, "too large", ""), (String(repeating: "(", count: 300), 251, "too deeply nested", ""),
  ]

  @Test(arguments: errors)
  func anErrorNamesPlaceAndReason(_ pattern: String, _ offset: Int, _ reason: String, _ place: String) throws {
    let error = try #require(thrown(PatternError.self) { _ = try Pattern(pattern, name: "--include 2") })
    #expect(error.offset == offset)
    #expect(error.message.hasPrefix("--include 2 is no valid pattern: "))
    #expect(error.message.hasSuffix("/\(pattern)/"))
    #expect(error.message.contains(reason))
    #expect(error.message.contains(place))
    #expect(error.status == .badConfiguration)
  }

  static let hostile: [(String, String, Pattern.Outcome)] = [
    ("(a+)+$", String(repeating: "a", count: 28) + "b", Pattern.Outcome.noMatch),
    ("(a+)+$", String(repeating: "a", count: 5000) + "b", .noMatch),
    ("(x+x+)+y", String(repeating: "x", count: 1000), .noMatch),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", String(repeating: "a", count: 40), .noMatch),
    ("(x|xx)+[yz]", String(repeating: "x", count: 3000), .noMatch), ("(x|xx)+[yz]", String(repeating: "x", count: 3000) + "z", .match),
    ("(.*)(.*)(.*)(.*)(.*)[^x]$", String(repeating: "x", count: 2000), .noMatch),
    ("(x+x+)+[yz]", String(repeating: "x", count: 20_000) + "ö", .noMatch),
    ("^(?:a+)+(?:b|ö)$", String(repeating: "a", count: 3000) + "ö", .match),
    (#"(x*)*\1[yz]"#, String(repeating: "x", count: 500), .undecided),
    ("([a-z]x?){1,50}(x*)*[yz]", String(repeating: "x", count: 100), .noMatch),
  ]

  /// Patterns that explode, and what a linear matcher says of them; each within the bounds of `BoundedPattern`.
  @Test(arguments: hostile)
  func noPatternHangs(_ pattern: String, _ line: String, _ outcome: Pattern.Outcome) throws {
    let start = Clock.monotonicNanoseconds()
    #expect(try search(pattern, Array(line.utf8)) == outcome)
    // Milliseconds if nothing else runs; without limits, years.
    #expect(Clock.monotonicNanoseconds() - start < 5_000_000_000)
  }

  @Test func longLinesAreSearched() throws {
    let filler = [UInt8](repeating: 0x78, count: 300_000)
    #expect(try search(#"ERROR \d+$"#, filler + Array("ERROR 12".utf8)) == .match)
    #expect(try search(#"ERROR \d+$"#, filler + Array("ERROR 12.".utf8)) == .noMatch)
    #expect(try search(#"(.)\1{9}-\1"#, filler + Array("-x".utf8)) == .match)
    #expect(try search("^ERROR", filler + Array("ERROR".utf8)) == .noMatch)
  }
}
