import Testing

@testable import Cryptography

@Suite struct DigestTests {
  // FIPS 180-4's examples, and RFC 4231's test case 2.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func sha256(_ text: String, _ hex: String) { #expect(SHA256.hash(text).hex == hex) }

  @Test func hmac() {
    #expect(
      HMAC.sha256(key: Array("Jefe".utf8), "what do ya want for nothing?").hex
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }
}
