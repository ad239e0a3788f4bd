import TestSupport
import Testing

@testable import AWS

@Suite struct X509IdentityTests {
  /// Each argument is a file made of fixtures, of which `+` joins several; the file is called as the argument.
  private static func identity(_ files: String...) throws -> X509Identity {
    try X509Identity(
      files.map { file in
        (file, try file.split(separator: "+").flatMap { try $0 == "text" ? Array("hello\n".utf8) : fixture("x509/\($0)") })
      })
  }

  @Test(
    arguments: [
      ("rsa.crt", "rsa-pkcs8.key", .rsa), ("rsa.crt", "rsa-pkcs1.key", .rsa), ("ec.crt", "ec-pkcs8.key", .ecdsa),
      ("ec.crt", "ec-sec1.key", .ecdsa), ("ec-pkcs8.key", "ec.crt", .ecdsa), ("chain.crt", "ec-sec1.key", .ecdsa),
      ("ec-sec1.key+chain.crt", "", .ecdsa), ("chain.crt+ec-pkcs8.key", "", .ecdsa), ("text+rsa.crt+text+rsa-pkcs1.key+text", "", .rsa),
      // A key that fits is found among others.
      ("rsa.crt+ed25519.key", "encrypted-pkcs8.key+rsa-pkcs1.key", .rsa),
    ] as [(String, String, X509Identity.Algorithm)])
  func signs(_ first: String, _ second: String, _ algorithm: X509Identity.Algorithm) throws {
    let identity = try second.isEmpty ? Self.identity(first) : Self.identity(first, second)
    #expect(identity.algorithm == algorithm)
    let signature = try identity.sign("message")
    let certificate = try #require(Certificate(SecretBytes(identity.certificate)))
    #expect(certificate.verifies(signature, of: "message"))
    #expect(!certificate.verifies(signature, of: "massage"))
  }

  @Test func tellsWhoItIs() throws {
    let rsa = try Self.identity("rsa.crt", "rsa-pkcs8.key")
    // 2^160 - 1, the largest that RFC 5280 allows.
    #expect(rsa.serialNumber == "1461501637330902918203684832716283019655932542975")
    #expect(rsa.subject == #"CN=rpi-0001,O=Example\, Inc."#)
    #expect(rsa.chain.isEmpty)
    let ec = try Self.identity("ec.crt", "ec-sec1.key")
    #expect(ec.serialNumber == "4242")
    #expect(ec.subject == "CN=Gerät 1")
  }

  @Test func theFirstCertificateIsItsOwnAndTheOthersLeadToTheRoot() throws {
    let identity = try Self.identity("chain.crt", "ec-sec1.key")
    #expect(identity.subject == "CN=leaf")
    let blocks = try PEM(fixture("x509/chain.crt")).blocks.map(\.content.published)
    #expect(blocks.count == 3)
    #expect(identity.certificate == blocks.first)
    #expect(identity.chain == Array(blocks.dropFirst()))
  }

  @Test(
    arguments: [
      (1_767_225_599_999, .notYet), (1_767_225_600_000, .valid), (2_082_758_400_000, .valid), (2_082_758_400_001, .expired),
    ] as [(Int64, X509Identity.Validity)])
  func isValidFromItsFirstMomentToItsLast(_ now: Int64, _ validity: X509Identity.Validity) throws {
    // 2026-01-01 to 2036-01-01, UTC.
    let vector = try #require(try JSONValue(fixture("sigv4/rolesanywhere-vectors.json"))["vectors"]?.elements.first)
    let identity = try X509Identity(
      ["certificate_pem", "throwaway_private_key_pem"].map { ($0, Array((vector[$0]?.string ?? "").utf8)) })
    #expect(identity.notBefore == 1_767_225_600_000)
    #expect(identity.notAfter == 2_082_758_400_000)
    #expect(identity.validity(at: now) == validity)
  }

  @Test(
    arguments: [
      ("rsa-pkcs8.key", "", .noCertificate("rsa-pkcs8.key")), ("text", "rsa-pkcs8.key", .noCertificate("text and rsa-pkcs8.key")),
      ("rsa.crt", "", .noKey("rsa.crt")), ("rsa.crt", "chain.crt", .noKey("rsa.crt and chain.crt")),
      ("rsa.crt", "encrypted-pkcs1.key", .encryptedKey("encrypted-pkcs1.key")),
      ("ec.crt", "encrypted-pkcs8.key", .encryptedKey("encrypted-pkcs8.key")),
      ("rsa.crt", "ec-pkcs8.key", .wrongKey("ec-pkcs8.key")), ("ec.crt+rsa-pkcs1.key", "", .wrongKey("ec.crt+rsa-pkcs1.key")),
      ("ed25519.crt", "ed25519.key", .unsupportedKey("ed25519.key")),
    ] as [(String, String, X509Error)])
  func refuses(_ first: String, _ second: String, _ error: X509Error) {
    #expect(throws: error) { try second.isEmpty ? Self.identity(first) : Self.identity(first, second) }
    #expect(!error.message.contains("\n"))
  }

  @Test(
    arguments: [
      ("", .noCertificate("file")), ("\0\u{1}\u{2}", .noCertificate("file")),
      ("-----BEGIN CERTIFICATE-----\n", .malformed("file")),
      ("-----BEGIN CERTIFICATE-----\nMIIB\n", .malformed("file")),
      ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", .malformed("file")),
      ("-----BEGIN CERTIFICATE-----\n#?!\n-----END CERTIFICATE-----\n", .malformed("file")),
      ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END PRIVATE KEY-----\n", .malformed("file")),
      ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", .malformed("file")),
      ("-----BEGIN OPENSSH PRIVATE KEY-----\nMIIB\n-----END OPENSSH PRIVATE KEY-----\n", .unsupportedKey("file")),
      ("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n", .noCertificate("file")),
    ] as [(String, X509Error)])
  func refusesGarbage(_ text: String, _ error: X509Error) {
    #expect(throws: error) { try X509Identity([("file", Array(text.utf8))]) }
  }

  @Test func refusesEveryFileThatIsCutShort() throws {
    let whole = try fixture("x509/ec.crt") + fixture("x509/ec-pkcs8.key")
    // Without the last line feed it is whole.
    for count in 0..<whole.count - 1 {
      #expect(throws: X509Error.self, "\(count)") { try X509Identity([("file", Array(whole.prefix(count)))]) }
    }
  }

  @Test(arguments: [("rsa.crt", "rsa-pkcs1.key"), ("rsa.crt", "rsa-pkcs8.key"), ("ec.crt", "ec-pkcs8.key"), ("ec.crt", "ec-sec1.key")])
  func aKeyOfWhichOneCharacterIsDamagedNeverSigns(_ certificate: String, _ key: String) throws {
    let certificate = try fixture("x509/\(certificate)")
    let key = try fixture("x509/\(key)")
    var damaged = 0
    for place in key.indices.dropLast() where key[place + 1] == 0x0A && key[place] != UInt8(ascii: "-") && key[place] != UInt8(ascii: "=") {
      var bytes = key
      bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      damaged += 1
      do {
        let identity = try X509Identity([("certificate", certificate), ("key", bytes)])
        // Something was hit that nobody needs, such as the name of the curve that stands before the key once more.
        #expect(try Certificate(SecretBytes(identity.certificate))?.verifies(identity.sign("message"), of: "message") == true, "\(place)")
      } catch {
        #expect([.malformed("key"), .wrongKey("key"), .unsupportedKey("key")].contains(error as? X509Error), "\(place): \(error)")
      }
    }
    #expect(damaged >= 2)
  }

  @Test func anEncryptedKeyInThePlaceOfAPlainOneAsksNobody() throws {
    let lines = String(decoding: try fixture("x509/encrypted-pkcs8.key"), as: UTF8.self).split(separator: "\n")
    let text = ["-----BEGIN PRIVATE KEY-----"] + lines.dropFirst().dropLast() + ["-----END PRIVATE KEY-----", ""]
    let bytes = try fixture("x509/ec.crt") + Array(text.joined(separator: "\n").utf8)
    #expect(throws: X509Error.malformed("file")) { try X509Identity([("file", bytes)]) }
  }
}
