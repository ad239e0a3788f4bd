import Testing

@testable import CredsCommand

@Suite struct AccessTokenTests {
  // 32 equal bytes in base64url, by Python.
  @Test(arguments: [
    (0x00, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), (0xFF, "__________________________________________8"),
    (0xFB, "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s"),
  ])
  func isBase64URL(_ byte: UInt8, _ text: String) {
    #expect(AccessToken([UInt8](repeating: byte, count: 32)).text == text)
  }

  @Test func matchesItselfOnly() throws {
    let token = try AccessToken()
    #expect(try token != AccessToken())
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
