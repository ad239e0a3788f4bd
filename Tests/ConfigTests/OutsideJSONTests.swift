import Testing
import Unix

@testable import Config

/// What comes from outside is a value or none, whatever its bytes are.
@Suite struct OutsideJSONTests {
  @Test(arguments: [
    (#"{"a":"b"}"#, "a", "b"), (#"{"\u0061\n":"\u00e4\"\\\/"}"#, "a\n", #"ä"\/"#), (#"{"ä":"𝄞"}"#, "ä", "𝄞"),
    (#"{ "\ud834\udd1e" : "\uD834\uDD1E" }"#, "𝄞", "𝄞"),
  ])
  func values(_ text: String, _ key: String, _ value: String) {
    #expect(JSON(parsing: Array(text.utf8))?.value.texts == [key: value])
  }

  @Test(arguments: [
    "", "{", #"{"#, #"{"a"#, #"{"a":"b\"#, #"{"\q":"b"}"#, #"{"\u00g0":"b"}"#, #"{"\u00":"b"}"#, #"{"\ud834":"b"}"#, #"{"\ud834\n":"b"}"#,
    #"{"\ud834\u0061":"b"}"#, #"{"\udd1e":"b"}"#, "{\"a\n\":\"b\"}", "{\"\0\":\"b\"}", #"{"\u００61":"b"}"#,
  ])
  func noValues(_ text: String) { #expect(JSON(parsing: Array(text.utf8)) == nil) }

  @Test(arguments: [#"{"a":"b","\u00e4":{"\ud834\udd1e":["c"]}}"#, #"{"ä":"𝄞"}"#])
  func anyByteMayBeAnyOther(_ text: String) {
    let whole = Array(text.utf8)
    for index in whole.indices {
      for byte in UInt8.min...UInt8.max {
        var bytes = whole
        bytes[index] = byte
        // It answers, and never with what is no text.
        #expect(JSON(parsing: bytes) == nil || String(decoding: bytes, as: UTF8.self).utf8.elementsEqual(bytes))
      }
    }
  }

  @Test func membersByTheirPaths() throws {
    let json = try #require(JSON(parsing: Array(#"{"a":{"b":"c","n":1.5,"l":[{"x":"y"},2],"z":null},"a2":7}"#.utf8)))
    #expect(json.string("a", "b") == "c" && json.at("a")?.string("b") == "c" && json.number("a", "n") == 1.5)
    #expect(json.elements("a", "l")?.first?.string("x") == "y" && json.elements("a", "l")?.last?.number() == 2)
    #expect(json.string("a") == nil && json.string("a2") == nil && json.number("a", "b") == nil && json.elements("a", "b") == nil)
    #expect(json.at("a", "z") == nil && json.at("a", "b", "c") == nil && json.at("q") == nil && json.value.texts == nil)
  }

  @Test func anObjectOfMembersIsOneLine() {
    let nothing: String? = nil
    let json: JSON.Value = [
      "a": "b/\"\n", "none": nothing, "n": 7, "f": 0.5, "t": true, "l": ["x", "y"], "empty": [String](), "o": ["k": "v"] as JSON.Value,
      "texts": JSON.Value(texts: ["z": "1", "y": "2"]), "noTexts": JSON.Value(texts: [:]), "tags": [String: String](),
    ]
    let buffer = ByteBuffer()
    json.append(to: buffer)
    #expect(
      buffer.text
        == #"{"a":"b/\"\n","n":7,"f":0.5,"t":true,"l":["x","y"],"empty":[],"o":{"k":"v"},"texts":{"y":"2","z":"1"},"noTexts":{}}"#)
    #expect(JSON(parsing: buffer.array)?.value.text == json.text)
  }
}
