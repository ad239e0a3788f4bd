import FoundationEssentials
import Testing

@testable import AWS

/// What comes from outside is a value or none, whatever its bytes are: `decode` of Swift 6.0 ends the program over some.
@Suite struct JSONDecoderTests {
  @Test(arguments: [
    (#"{"a":"b"}"#, "a", "b"), (#"{"\u0061\n":"\u00e4\"\\\/"}"#, "a\n", #"ä"\/"#), (#"{"ä":"𝄞"}"#, "ä", "𝄞"),
    (#"{ "\ud834\udd1e" : "\uD834\uDD1E" }"#, "𝄞", "𝄞"),
  ])
  func values(_ text: String, _ key: String, _ value: String) {
    #expect(JSONDecoder().value([String: String].self, from: Array(text.utf8)) == [key: value])
  }

  @Test(arguments: [
    "", "{", #"{"#, #"{"a"#, #"{"a":"b\"#, #"{"\q":"b"}"#, #"{"\u00g0":"b"}"#, #"{"\u00":"b"}"#, #"{"\ud834":"b"}"#, #"{"\ud834\n":"b"}"#,
    #"{"\ud834\u0061":"b"}"#, #"{"\udd1e":"b"}"#, "{\"a\n\":\"b\"}", "{\"\0\":\"b\"}", #"{"\u００61":"b"}"#,
  ])
  func noValues(_ text: String) {
    #expect(JSONDecoder().value([String: String].self, from: Array(text.utf8)) == nil)
  }

  @Test(arguments: [#"{"a":"b","\u00e4":{"\ud834\udd1e":["c"]}}"#, #"{"ä":"𝄞"}"#])
  func anyByteMayBeAnyOther(_ text: String) {
    let whole = Array(text.utf8)
    for index in whole.indices {
      for byte in UInt8.min...UInt8.max {
        var bytes = whole
        bytes[index] = byte
        // It answers, and never with what is no text.
        let value = JSONDecoder().value([String: JSONDecoderTests.Anything].self, from: bytes)
        #expect(value == nil || String(decoding: bytes, as: UTF8.self).utf8.elementsEqual(bytes))
      }
    }
  }

  struct Anything: Decodable {
    init(from decoder: any Decoder) throws {
      if let members = try? decoder.singleValueContainer().decode([String: Anything].self) { _ = members }
    }
  }
}
