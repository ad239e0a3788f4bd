import Testing

@testable import Config

struct JSONTextTests {
  @Test func printsAsItWasRead() throws {
    let text = """
      {
        "a": [
          1,
          2.5,
          "q\\"/\\u0001ä",
          {}
        ],
        "b": {
          "c": null,
          "d": []
        },
        "e": true
      }
      """
    #expect(try JSONParser.parse(Array(text.utf8)).value.text == text)
  }

  @Test(arguments: [
    (JSON.Value.number(300), "300"), (.number(0.25), "0.25"), (.number(1e300), "1e+300"), (.text("a\"b"), "a\"b"),
    (.boolean(false), "false"),
    (.null, "null"), (.list([]), "[]"),
  ])
  func printsOneValueWithoutQuotes(_ value: JSON.Value, _ word: String) {
    #expect(value.word == word)
  }
}
