import FoundationEssentials
import Testing

@testable import AWS

/// What comes from outside is a value or none, whatever its bytes are: `decode` of Swift 6.0 ends the program over some.
@Suite struct JSONDecoderTests {
  private static let members: [String] = [#"{"a":"b"}"#, #"{"a":"\u00e4"}"#, #"{"ä":"𝄞"}"#, #"{}"#]

  @Test(arguments: members) func values(_ text: String) {
    #expect(JSONDecoder().value([String: String].self, from: text.utf8) != nil)
  }

  @Test(arguments: members + [#"{"a":{"b":["c"]}}"#]) func anyByteMayBeWrong(_ text: String) {
    for index in 0..<text.utf8.count {
      for byte: UInt8 in [0, 0x22, 0x5C, 0x80, 0xC3, 0xED, 0xFF] {
        var bytes = Array(text.utf8)
        bytes[index] = byte
        let value = JSONDecoder().value([String: String].self, from: bytes)
        #expect(value == nil || String(decoding: bytes, as: UTF8.self).utf8.elementsEqual(bytes))
      }
    }
  }
}
