import Testing

@testable import DeployUsersCommand

@Suite struct SystemsTests {
  @Test(arguments: [
    ("", []), ("a-1\nb-2\n", ["a-1", "b-2"]), ("a-1", ["a-1"]), ("\u{FEFF}a-1\r\n\r\n  b-2\t\r\n", ["a-1", "b-2"]),
    ("# all of them\na-1 # the first\n   # none\n#a-2\n", ["a-1"]), ("b\na\n", ["b", "a"]), ("A\na\n", ["A", "a"]),
    (String(repeating: "x", count: 128), [String(repeating: "x", count: 128)]),
  ])
  func ids(_ text: String, _ expected: [String]) {
    let (ids, validationErrors) = Systems.parse(Array(text.utf8))
    #expect(ids == expected)
    #expect(validationErrors.isEmpty)
  }

  @Test(arguments: [
    ("a b\n", 1, "'a b'"), ("x\n\ny/z\n", 3, "'y/z'"), ("x\ny\nx\n", 3, "first in line 1"), ("x\n\u{E4}\n", 2, "no id"),
    (String(repeating: "x", count: 129), 1, "1 to 128"), ("a\u{0}", 1, "no id"), ("\u{FEFF}\u{FEFF}a", 1, "no id"),
  ])
  func validationErrors(_ text: String, _ line: Int, _ words: String) {
    let validationErrors = Systems.parse(Array(text.utf8)).validationErrors
    #expect(validationErrors.map(\.line) == [line])
    #expect(validationErrors.first?.text.contains(words) == true)
  }

  @Test func everyBadLineIsNamed() {
    #expect(Systems.parse(Array("a\na\nb c\na\n".utf8)).validationErrors.map(\.line) == [2, 3, 4])
  }
}
