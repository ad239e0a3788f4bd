import COpenSSL
import TestSupport
import Testing

@testable import AWS

@Suite struct CertificateRequestTests {
  private static func text(_ request: CertificateRequest) throws -> [UInt8] { try request.withKey { Array($0) } }

  /// Subject, and whether the request is signed by the key in it.
  private func parse(_ text: String) throws -> (subject: String, isSigned: Bool, curve: Int32) {
    let input = BIO_new(BIO_s_mem())
    defer { BIO_free(input) }
    BIO_puts(input, text)
    let request = try #require(PEM_read_bio_X509_REQ(input, nil, nil, nil))
    defer { X509_REQ_free(request) }
    var name = [CChar](repeating: 0, count: 200)
    let count = X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request), NID_commonName, &name, 200)
    let key = X509_REQ_get0_pubkey(request)
    return (
      String(decoding: name.prefix(Int(max(count, 0))).map { UInt8(bitPattern: $0) }, as: UTF8.self), X509_REQ_verify(request, key) == 1,
      EVP_PKEY_get_bits(key)
    )
  }

  @Test(arguments: ["rpi-00000000abcdef01", "Gerät", String(repeating: "x", count: 128)])
  func namesTheMachineAndIsSigned(_ name: String) throws {
    let request = try parse(CertificateRequest().text(commonName: name))
    #expect(request.subject == String(name.prefix(64)))
    #expect(request.isSigned)
    #expect(request.curve == 256)
  }

  @Test func aStoredKeyIsUsedAgain() throws {
    let request = try CertificateRequest()
    let key = try Self.text(request)
    #expect(String(decoding: key, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    #expect(try Self.text(CertificateRequest(key, name: "x.key")) == key)
    #expect(try Self.text(CertificateRequest()) != key)
  }

  @Test(arguments: [
    ("rsa.crt", X509Error.noKey("f")), ("encrypted-pkcs8.key", .encryptedKey("f")), ("ed25519.key", .unsupportedKey("f")),
    ("rsa-pkcs1.key", nil), ("ec-sec1.key", nil),
  ])
  func otherFilesAreRefused(_ file: String, _ error: X509Error?) throws {
    let bytes = try fixture("x509/\(file)")
    if let error {
      #expect(throws: error) { try CertificateRequest(bytes, name: "f") }
    } else {
      #expect(try parse(CertificateRequest(bytes, name: "f").text(commonName: "n")).isSigned)
    }
  }

  @Test func aFingerprintNeedsNoKey() throws {
    let identity = try X509Identity([("c", fixture("x509/chain.crt")), ("k", fixture("x509/ec-sec1.key"))])
    #expect(try X509Identity.fingerprint(fixture("x509/chain.crt"), name: "c") == identity.fingerprint)
    #expect(identity.fingerprint.utf8.count == 64)
    #expect(throws: X509Error.noCertificate("k")) { try X509Identity.fingerprint(fixture("x509/ec-sec1.key"), name: "k") }
  }
}
