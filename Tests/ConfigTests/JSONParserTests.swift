import Testing

@testable import Config

struct JSONParserTests {
  private func parse(_ text: String) throws -> JSON { try JSONParser.parse(Array(text.utf8)) }

  @Test(arguments: [
    ("null", JSON.Value.null), (" true ", .boolean(true)), ("false", .boolean(false)), ("0", .number(0)), ("-0.5e+2", .number(-50)),
    ("1E-2", .number(0.01)), (#""a\"\u00e4\ud83d\ude00\n""#, .text("a\"ä😀\n")), (#""""#, .text("")), ("[]", .list([])),
    ("{ }", .object([])),
    ("[1,\n2]", .list([JSON(.number(1), line: 1), JSON(.number(2), line: 2)])), ("\u{FEFF}7", .number(7)),
  ])
  func reads(_ text: String, _ value: JSON.Value) throws {
    #expect(try parse(text).value == value)
  }

  @Test func knowsTheLineOfEveryKeyAndValue() throws {
    let root = try parse("\n{\"a\":\n  1,\r\n\n \"b\" : [\n{\"c\": \"d\"}]}")
    #expect(root.line == 2)
    #expect(root["a"]?.line == 2)
    #expect(root["a"]?.value.line == 3)
    #expect(root["b"]?.line == 5)
    guard case .list(let elements)? = root["b"]?.value.value else { throw TestFailure() }
    #expect(elements.map(\.line) == [6])
    #expect(elements.first?["c"]?.line == 6)
  }

  @Test func keepsBothOfTwoEqualKeysAndAnswersWithTheLast() throws {
    let root = try parse(#"{"a":1,"b":2,"a":3}"#)
    guard case .object(let members) = root.value else { throw TestFailure() }
    #expect(members.map(\.key) == ["a", "b", "a"])
    #expect(root["a"]?.value.value == .number(3))
    #expect(try parse(#"{"a":null}"#)["a"] == nil)
  }

  @Test(arguments: [
    ("", 1, 1, "a value is expected, but the file ends here"),
    ("{\n  \"a\": 1,\n}", 3, 1, "a key in double quotes is expected"),
    ("{\"a\" 1}", 1, 6, "a colon is expected after the key"),
    ("{\"a\": 1\n \"b\": 2}", 2, 2, "a comma or } is expected"),
    ("[1 2]", 1, 4, "a comma or ] is expected"),
    ("[1,]", 1, 4, "a value is expected"),
    ("[1", 1, 3, "a comma or ] is expected, but the file ends here"),
    ("{\"ä\": x}", 1, 7, "a value is expected"),
    ("{} {}", 1, 4, "something follows the end"),
    ("{ // no", 1, 3, "a key in double quotes is expected, and JSON has no comments"),
    ("[\n# no\n]", 2, 1, "a value is expected, and JSON has no comments"),
    ("[01]", 1, 2, "this is not a number that JSON knows"),
    ("[1.]", 1, 2, "this is not a number that JSON knows"),
    ("[-]", 1, 2, "this is not a number that JSON knows"),
    ("[1e999]", 1, 2, "this is not a number that JSON knows"),
    ("[truth]", 1, 2, "a value is expected"),
    ("[tru", 1, 2, "a value is expected"),
  ])
  func saysWhereATextIsBroken(_ text: String, _ line: Int, _ column: Int, _ reason: String) {
    #expect(throws: JSONParser.Fault(line: line, column: column, reason: reason)) { try parse(text) }
  }

  @Test(arguments: ["\"a", "\"a\nb\"", "\"\\x\"", "\"\\ud800\"", "\"\u{01}\""])
  func refusesBadStrings(_ text: String) {
    #expect(throws: JSONParser.Fault.self) { try parse("[\(text)]") }
  }

  @Test func refusesBytesThatAreNotUTF8() {
    #expect(throws: JSONParser.Fault.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONParser.Fault.self) { try JSONParser.parse([0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]) }
  }

  @Test func refusesNestingThatWouldExhaustTheStack() {
    #expect(throws: JSONParser.Fault(line: 1, column: 66, reason: "nested too deeply")) {
      try parse(String(repeating: "[", count: 100_000))
    }
    #expect(throws: Never.self) { try parse(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) }
  }
}

struct TestFailure: Error {}
