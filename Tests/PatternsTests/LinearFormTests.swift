import Testing

@testable import Patterns

struct LinearFormTests {
  @Test(arguments: [
    ("a+b", "(?:a)+b"), ("[a-z]+@", "(?:[a-z])+@"), ("[]a+]+", "(?:[]a+])+"), (#"\d+\+?x"#, #"(?:\d)+\+?x"#), ("(a+)+$", "((?:a)+)+$"),
    ("ö+", "(?:ö)+"), ("a+?b", "(?:a)+?b"), (".+", "(?:.)+"),
    ("[[:alpha:]]+", "(?:[[:alpha:]])+"),
    // Left alone, because an item cannot be told by looking.
    (#"\x41+"#, #"\x41+"#), ("(?x)a +", "(?x)a +"), ("(?i-x:a+)", "(?i-x:a+)"), ("(?#a)b+", "(?#a)b+"), (#"\p{L}x+"#, #"\p{L}x+"#),
  ])
  func groupsWhatIsRepeated(_ pattern: String, _ expected: String) {
    let form = LinearForm.make(of: Array(pattern.utf8)).map { String(decoding: $0, as: UTF8.self) }
    #expect(form == "(?s:.*?)(?C1)(?:" + expected + ")")
  }

  @Test(arguments: ["(*UTF)a", "(?>a|ab)c", "a++b", "(a|ab)*+", "a{2}+b", "a(?R)?b", "(?0)", #"(a)\g1"#])
  func hasNoneWhereThePrefixWouldHarm(_ pattern: String) {
    #expect(LinearForm.make(of: Array(pattern.utf8)) == nil)
  }
}
