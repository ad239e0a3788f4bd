internal import COpenSSL
package import Unix

/// The identity of a machine: a certificate, the chain from it to a trust anchor, and its private key.
package final class X509Identity {
  package enum Algorithm {
    case rsa
    case ecdsa
  }

  package enum Validity {
    case notYet
    case valid
    case expired
  }

  /// The machine's own certificate, in DER.
  package let certificate: [UInt8]
  /// The certificates behind it, in their order, in DER.
  let chain: [[UInt8]]
  /// The serial number in decimal.
  package let serialNumber: String
  /// The subject for people, such as `CN=rpi-0001,O=Example`.
  package let subject: String
  /// Milliseconds since the epoch.
  package let notBefore: Int64
  /// Milliseconds since the epoch.
  package let notAfter: Int64
  package let algorithm: Algorithm
  private let key: PrivateKey

  /// - Parameter files: PEM; `name` is for messages. The machine's own certificate is the first in them; the private key is anywhere in
  ///   them, and is RSA or EC, in PKCS#1, SEC1 or PKCS#8.
  /// - Throws: `X509Error`.
  package init(_ files: [(name: String, bytes: [UInt8])]) throws {
    var certificates: [Certificate] = []
    var keys: [(name: String, key: PrivateKey)] = []
    var locked: String?
    for file in files {
      let pem = try PEM(file.bytes)
      guard !pem.isCutShort else { throw X509Error.malformed(file.name) }
      for block in pem.blocks {
        switch block.label {
        case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
          guard let certificate = Certificate(block.content) else { throw X509Error.malformed(file.name) }
          certificates.append(certificate)
        case let label where label.hasSuffix("PRIVATE KEY"):
          guard !block.isEncrypted else {
            locked = file.name
            continue
          }
          guard Self.keyLabels.contains(label) else { throw X509Error.unsupportedKey(file.name) }
          guard let key = PrivateKey(block.content) else { throw X509Error.malformed(file.name) }
          keys.append((file.name, key))
        default: continue  // EC PARAMETERS, a certificate request, ...
        }
      }
    }
    let names = files.map(\.name).joined(separator: " and ")
    guard let leaf = certificates.first else { throw X509Error.noCertificate(names) }
    guard let first = keys.first else { throw locked.map(X509Error.encryptedKey) ?? X509Error.noKey(names) }
    guard let (name, key) = keys.first(where: { leaf.matches($0.key) }) else { throw X509Error.wrongKey(first.name) }
    guard let algorithm = key.algorithm else { throw X509Error.unsupportedKey(name) }
    // The public numbers of an RSA key fit even if the secret ones are damaged.
    guard let proof = try? key.sign(names), leaf.verifies(proof, of: names) else { throw X509Error.malformed(name) }
    guard let serialNumber = leaf.serialNumber, let notBefore = leaf.notBefore, let notAfter = leaf.notAfter else {
      throw X509Error.malformed(names)
    }
    certificate = leaf.content
    chain = certificates.dropFirst().map(\.content)
    subject = leaf.subject
    (self.serialNumber, self.notBefore, self.notAfter) = (serialNumber, notBefore, notAfter)
    (self.key, self.algorithm) = (key, algorithm)
  }

  // PKCS#8, PKCS#1 and SEC1.
  private static let keyLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]

  /// - Parameter now: milliseconds since the epoch, by the service's clock.
  package func validity(at now: Int64) -> Validity { now < notBefore ? .notYet : now > notAfter ? .expired : .valid }

  /// A signature with SHA-256: RSASSA-PKCS1-v1_5 (RFC 8017), or ECDSA in DER (RFC 3279).
  /// - Throws: `LibcryptoError`.
  package func sign(_ message: String) throws -> [UInt8] { try key.sign(message) }
}

/// Why files are no identity. The text is the name of the file, or the names of all of them.
package enum X509Error: Failure, Equatable {
  case noCertificate(String)
  case noKey(String)
  case encryptedKey(String)
  case wrongKey(String)
  case unsupportedKey(String)
  case malformed(String)

  package var message: String {
    switch self {
    case .noCertificate(let names): "there is no certificate in \(names); it must be PEM, with a line -----BEGIN CERTIFICATE-----"
    case .noKey(let names): "there is no private key in \(names); it must be PEM, with a line -----BEGIN PRIVATE KEY----- or the like"
    case .encryptedKey(let name):
      "the private key in \(name) is encrypted, and nobody is here to type its passphrase; decrypt it with openssl pkey"
    case .wrongKey(let name): "the private key in \(name) does not belong to the certificate; the machine's own must be the first one"
    case .unsupportedKey(let name):
      "the private key in \(name) is of a kind that cannot be used; RSA and EC can, in PKCS#8, PKCS#1 or SEC1"
    case .malformed(let names): "\(names) is damaged: a certificate or key in it cannot be read, or does not work"
    }
  }

  package var status: ExitStatus { .badConfiguration }
}

extension X509Identity {
  /// SHA-256 of the certificate, in hexadecimal: the name that AWS IoT gives it.
  package var fingerprint: String { certificate.withUnsafeBytes { SHA256.hash($0) }.hex }

  /// The fingerprint of the first certificate in a file.
  /// - Parameters:
  ///   - file: PEM.
  ///   - name: the file's name for messages.
  /// - Throws: `X509Error`.
  package static func fingerprint(_ file: [UInt8], name: String) throws -> String {
    let block = try PEM(file).blocks.first { $0.label == "CERTIFICATE" }
    guard let block else { throw X509Error.noCertificate(name) }
    guard let certificate = Certificate(block.content) else { throw X509Error.malformed(name) }
    return certificate.content.withUnsafeBytes { SHA256.hash($0) }.hex
  }
}
