import Testing
import Unix

@testable import Config

struct CertificateFilesTests {
  private static let certificate = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
  private static let key = "-----BEGIN RSA PRIVATE KEY-----\r\nAA==\r\n-----END RSA PRIVATE KEY-----\r\n"

  private func read(_ paths: String...) throws -> (certificate: [UInt8], key: [UInt8])? {
    try CertificateFiles(paths)?.read(environment: { _ in nil })
  }

  @Test func readsOneFileOrTwo() throws {
    let both = try TemporaryFile(Self.certificate + Self.key)
    let certificate = try TemporaryFile(Self.certificate, mode: 0o644)
    let key = try TemporaryFile(Self.key)
    let one = try read(both.path)
    #expect(one?.certificate == Array((Self.certificate + Self.key).utf8) && one?.key == one?.certificate)
    let two = try read(certificate.path, key.path)
    #expect(two?.certificate == Array(Self.certificate.utf8) && two?.key == Array(Self.key.utf8))
  }

  @Test func refusesAKeyThatOthersCanRead() throws {
    let both = try TemporaryFile(Self.certificate + Self.key, mode: 0o644)
    let certificate = try TemporaryFile(Self.certificate, mode: 0o644)
    let openKey = try TemporaryFile(Self.key, mode: 0o640)
    let key = try TemporaryFile(Self.key)
    func message(_ body: () throws -> Void) -> String? { configurationError(body)?.message }
    #expect(
      message { _ = try read(both.path) } == "\(both.path): holds a private key, and its mode 644 lets others at it; chmod 600 \(both.path)"
    )
    #expect(message { _ = try read(certificate.path, openKey.path) }?.contains("\(openKey.path): holds a private key") == true)
    // A key that was not asked for is a key all the same.
    #expect(message { _ = try read(both.path, key.path) }?.contains("\(both.path): holds a private key") == true)
  }

  @Test func refusesWhatIsNeither() throws {
    let certificate = try TemporaryFile(Self.certificate)
    let key = try TemporaryFile(Self.key)
    func message(_ body: () throws -> Void) -> String? { configurationError(body)?.message }
    #expect(
      message { _ = try read(certificate.path) }
        == "\(certificate.path): no private key in PEM in it, a line -----BEGIN PRIVATE KEY----- is expected")
    #expect(
      message { _ = try read(key.path, certificate.path) }
        == "\(key.path): no certificate in PEM in it, a line -----BEGIN CERTIFICATE----- is expected")
    #expect(message { _ = try read("/nonexistent/c.pem") } == "cannot open /nonexistent/c.pem: No such file or directory")
  }
}
