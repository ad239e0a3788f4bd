internal import COpenSSL

/// A new or stored private key, and the request (CSR, RFC 2986) for a certificate of it. The key itself never leaves the machine.
package final class CertificateRequest {
  private let key: PrivateKey

  /// Makes a key: EC on the curve P-256.
  /// - Throws: `LibcryptoError`.
  package init() throws { key = try PrivateKey() }

  /// - Parameters:
  ///   - file: a private key in PEM.
  ///   - name: the file's name for messages.
  /// - Throws: `X509Error`.
  package init(_ file: [UInt8], name: String) throws {
    let blocks = try PEM(file).blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
    guard let block = blocks.first else { throw X509Error.noKey(name) }
    guard !block.isEncrypted else { throw X509Error.encryptedKey(name) }
    guard let key = PrivateKey(block.content) else { throw X509Error.malformed(name) }
    guard key.algorithm != nil else { throw X509Error.unsupportedKey(name) }
    self.key = key
  }

  /// The key in PEM (PKCS#8), for as long as `body` runs.
  /// - Throws: `LibcryptoError`, or what `body` throws.
  package func withKey<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    guard let text = BIO_new(BIO_s_secmem()) else { throw LibcryptoError("write a key") }
    defer { BIO_free(text) }
    guard PEM_write_bio_PrivateKey(text, key.pointer, nil, nil, 0, nil, nil) == 1 else { throw LibcryptoError("write a key") }
    return try SecretBytes(text).read(body)
  }

  /// The request in PEM. Two requests for one key differ only in their signatures.
  /// - Parameter commonName: the subject of the certificate, of which 64 characters count (RFC 5280, `ub-common-name`).
  /// - Throws: `LibcryptoError`.
  package func text(commonName: String) throws -> String {
    guard let request = X509_REQ_new(), let text = BIO_new(BIO_s_mem()) else { throw LibcryptoError("request a certificate") }
    defer {
      X509_REQ_free(request)
      BIO_free(text)
    }
    let name = Array(commonName.prefix(64).utf8)
    guard X509_REQ_set_version(request, 0) == 1,
      X509_NAME_add_entry_by_txt(
        X509_REQ_get_subject_name(request), "CN", COpenSSL_utf8, name, Int32(clamping: name.count), -1, 0)
        == 1,
      X509_REQ_set_pubkey(request, key.pointer) == 1, X509_REQ_sign(request, key.pointer, EVP_sha256()) > 0,
      PEM_write_bio_X509_REQ(text, request) == 1
    else { throw LibcryptoError("request a certificate") }
    return try SecretBytes(text).read { String(decoding: $0, as: UTF8.self) }
  }
}

extension SecretBytes {
  /// All that was written into a BIO.
  fileprivate convenience init(_ text: OpaquePointer) throws {
    let count = BIO_ctrl_pending(text)
    try self.init(count: count) { bytes in
      guard BIO_read(text, bytes.baseAddress, Int32(clamping: count)) == Int32(clamping: count) else {
        throw LibcryptoError("write PEM")
      }
    }
  }
}
