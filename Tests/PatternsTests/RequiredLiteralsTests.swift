import Testing

@testable import Patterns

struct RequiredLiteralsTests {
  static let cases: [(String, [String]?)] = [
    ("ERROR", ["ERROR"]), ("ab", nil), ("", nil), ("abc|de", nil), ("abc|def", ["abc", "def"]), ("a.*long.*b", ["long"]),
    (#""level":"(ERROR|WARN)""#, [#""level":"ERROR""#, #""level":"WARN""#]), (#"" (4[0-9]{2}|5[0-9]{2}) [0-9]+ ""#, [#"" 4"#, #"" 5"#]),
    ("(Failed|Invalid|error).*(password|user|inode)", ["Failed", "Invalid", "error"]), (#"^[A-Z]+ sshd\[[0-9]+\]: "#, [" sshd["]),
    ("https?://x", ["https://x", "http://x"]), ("abc*", nil), ("abcd*", ["abc"]), ("abc+", ["abc"]), ("(abc)+", ["abc"]), ("(abc)*", nil),
    ("(abc){2,}x", ["abc"]), ("(abc){0,2}xyz", ["xyz"]), ("abc{2}", ["abc"]), ("abc{x}", ["abc{x}"]), ("[ab]cde", ["acde", "bcde"]),
    ("[a-c]def", ["def"]), ("[^a]def", ["def"]), ("[]]def", ["]def"]), (#"[\]]def"#, ["def"]), ("[[:alpha:]]def", ["def"]),
    (#"\.tar\.gz$"#, [".tar.gz"]), (#"\bERROR\b"#, ["ERROR"]), (#"a\d+bcd"#, ["bcd"]), ("föxyz", ["xyz"]), ("(?P<n>abc)d", ["abcd"]),
    ("(?<n>abc)d", ["abcd"]), ("(?:abc)d", ["abcd"]), ("abc(?=xyz)d", ["abcd"]), ("abc(?!xyz)d", ["abcd"]), ("(?<!xyz)abc", ["abc"]),
    ("(?s)abc", ["abc"]), ("(?i)abc", nil), ("(?x)a b c", nil), ("abc(?i)def", nil), (#"(abc)\1"#, nil), (#"\Qabc\E"#, nil),
    (#"\x41bcd"#, nil), ("(?#abc)def", nil), ("(*UTF)abc", nil), ("(?(1)abc|def)", nil), (#"abc\ndef"#, ["abc"]), ("abc\ndefg", ["defg"]),
    (#"a(b|)cde"#, ["abcde", "acde"]), ("(abc|x*)", nil), ("a(bc.|bd.)", ["abc", "abd"]), ("a(b.|c)", nil), ("a(bc.)?def", ["def"]),
    ("a(bc.)+def", ["abc"]), ("(?>abc)", nil), (#"\K abc"#, nil), ("abcx??", ["abcx", "abc"]), ("abc++", ["abc"]),
  ]

  @Test(arguments: cases)
  func findsWhatMustBeThere(_ pattern: String, _ literals: [String]?) {
    let found = RequiredLiterals.find(in: Array(pattern.utf8))
    #expect(found?.map { String(decoding: $0, as: UTF8.self) } == literals)
  }
}
