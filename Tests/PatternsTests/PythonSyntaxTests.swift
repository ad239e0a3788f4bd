import Testing

@testable import Patterns

struct PythonSyntaxTests {
  static let cases: [(String, String)] = [
    ("abc", "abc"), (#"a\Z"#, #"a\z"#), (#"[\Z]"#, #"[\Z]"#), (#"\\Z"#, #"\\Z"#), (#"\v[\v]"#, #"\x0b[\x0b]"#),
    (#"\u00e4[\u00e4]"#, #"\x{00e4}[\x{00e4}]"#), (#"\u00g4"#, #"\u00g4"#), (#"\U0001F600"#, #"\x{0001F600}"#), (#"\\u00e4"#, #"\\u00e4"#),
    ("a{,3}", "a{0,3}"), ("a{,}", "a{0,}"), ("a{3,}", "a{3,}"), ("[a{,3}]", "[a{,3}]"), ("a{,b}", "a{,b}"), ("a{,", "a{,"),
    ("[]{,2}]{,2}", "[]{,2}]{0,2}"), ("[^]{,2}]{,2}", "[^]{,2}]{0,2}"), ("[[:alpha:]{,2}]{,2}", "[[:alpha:]{,2}]{0,2}"),
    (#"[\]{,2}]{,2}"#, #"[\]{,2}]{0,2}"#), ("[a[b]{,2}", "[a[b]{0,2}"), ("(?a)x", "x"), ("(?ai)x", "(?i)x"), ("(?u)x", "x"),
    ("(?i)x", "(?i)x"),
    ("(?L)x", "(?L)x"), ("(?:a)x", "(?:a)x"), ("(?)x", "(?)x"), (#"a\"#, #"a\"#), ("", ""), ("é{,2}", "é{0,2}"),
  ]

  @Test(arguments: cases)
  func translates(_ python: String, _ pcre: String) {
    #expect(String(decoding: PythonSyntax(python).bytes, as: UTF8.self) == pcre)
  }

  @Test(arguments: [("(?a)x", true), ("(?sa)x", true), ("(?i)x", false), ("x(?a)", false)])
  func knowsTheASCIIFlag(_ python: String, _ isASCII: Bool) {
    #expect(PythonSyntax(python).isASCII == isASCII)
  }

  @Test func knowsWhereItsBytesCameFrom() {
    let syntax = PythonSyntax(#"(?ai)\u00e4b{,2}"#)
    #expect(String(decoding: syntax.bytes, as: UTF8.self) == #"(?i)\x{00e4}b{0,2}"#)
    #expect(syntax.originalOffset(12) == 11)  // b
    #expect(syntax.originalOffset(14) == 12)  // inside the bound
    #expect(syntax.originalOffset(99) == 16)
  }
}
