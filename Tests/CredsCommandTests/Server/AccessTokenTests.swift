import TestSupport
import Testing

@testable import CredsCommand

@Suite struct AccessTokenTests {
  /// The same byte again and again.
  private struct Constant: RandomNumberGenerator {
    let byte: UInt8
    func next() -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
  }

  // 32 equal bytes in base64url, by Python.
  @Test(arguments: [
    (0x00, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), (0xFF, "__________________________________________8"),
    (0xFB, "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s"),
  ])
  func isBase64URL(_ byte: UInt8, _ text: String) {
    var random = Constant(byte: byte)
    #expect(AccessToken(using: &random).text == text)
  }

  @Test func matchesItselfOnly() {
    var random = SeededGenerator(2)
    let token = AccessToken(using: &random)
    #expect(token != AccessToken(using: &random))
    #expect(token.matches(token.text))
    for index in token.text.indices {
      var other = token.text
      other.replaceSubrange(index...index, with: other[index] == "A" ? "B" : "A")
      #expect(!token.matches(other))
    }
    for other in ["", String(token.text.dropLast()), token.text + "A", token.text + "\0"] { #expect(!token.matches(other)) }
    #expect(!"\(token)".contains(token.text) && !String(reflecting: token).contains(token.text))
  }
}
