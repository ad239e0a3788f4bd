internal import COpenSSL

/// The blocks between the `-----BEGIN` and `-----END` lines of a file (RFC 7468), in their order. Text around them is skipped.
struct PEM {
  struct Block {
    /// `CERTIFICATE`, `RSA PRIVATE KEY`, ...
    let label: String
    /// DER.
    let content: SecretBytes
    let isEncrypted: Bool
  }

  let blocks: [Block]
  /// Whether an unreadable block follows them.
  let isCutShort: Bool

  /// Reads the blocks; it decrypts nothing, and so never asks for a passphrase.
  init(_ bytes: [UInt8]) throws {
    guard let size = Int32(exactly: bytes.count), let file = BIO_new(BIO_s_mem()), bytes.isEmpty || BIO_write(file, bytes, size) == size
    else { throw LibcryptoError("read a file") }
    defer { BIO_free(file) }
    var blocks: [Block] = []
    ERR_clear_error()
    while let block = Self.next(file) { blocks.append(block) }
    isCutShort = ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE
    ERR_clear_error()
    self.blocks = blocks
  }

  private static func next(_ file: OpaquePointer) -> Block? {
    var label: UnsafeMutablePointer<CChar>?
    var header: UnsafeMutablePointer<CChar>?
    var content: UnsafeMutablePointer<UInt8>?
    var count = 0
    guard PEM_read_bio(file, &label, &header, &content, &count) == 1, let label, let header, let content else { return nil }
    defer {
      CRYPTO_free(label, nil, 0)
      CRYPTO_free(header, nil, 0)
      CRYPTO_clear_free(content, count, nil, 0)
    }
    let name = String(cString: label)
    return Block(
      label: name, content: SecretBytes(UnsafeRawBufferPointer(start: content, count: count)),
      isEncrypted: name == "ENCRYPTED PRIVATE KEY" || String(cString: header).contains("ENCRYPTED"))
  }
}
