import Testing

@testable import AWS

@Suite struct DigestTests {
  // FIPS 180-4's examples, and RFC 4231's test case 2.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func sha256(_ text: String, _ hex: String) { #expect(SHA256.hash(text).hex == hex) }

  @Test(arguments: [
    ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
  ])
  func sha1(_ text: String, _ hex: String) { #expect(SHA1.hash(text).hex == hex) }

  @Test func hmac() {
    #expect(
      HMAC.sha256(key: Array("Jefe".utf8), "what do ya want for nothing?").hex
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  // RFC 4648's examples.
  @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")])
  func base64(_ text: String, _ encoded: String) {
    #expect(Array(text.utf8).base64 == encoded)
    #expect([UInt8](base64: encoded) == Array(text.utf8))
  }

  @Test(arguments: [
    "Zg", "Zg=", "Z===", "====", "=Zg=", "Zg==Zg==", "Zg==\n", " Zg==", "Zm 8", "Zm9v\n\n\n\n", "Zm9v----", "Zm9-",
    "Zm9v\u{0}\u{0}\u{0}\u{0}", "Zmö=",
  ])
  func thatIsNotBase64(_ text: String) { #expect([UInt8](base64: text) == nil) }
}
