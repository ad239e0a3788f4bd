internal import COpenSSL

/// libcrypto's X509.
final class Certificate {
  /// DER.
  let content: [UInt8]
  private let pointer: OpaquePointer

  /// - Parameter der: what follows the certificate (openssl's notes on trust) is ignored.
  init?(_ der: SecretBytes) {
    let (parsed, count) = der.read { bytes in
      let first = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var end = first
      let parsed = d2i_X509(nil, &end, bytes.count)
      return (parsed, first.flatMap { first in end.map { $0 - first } } ?? 0)
    }
    guard let parsed else { return nil }
    pointer = parsed
    content = der.prefix(count).published
  }

  deinit { X509_free(pointer) }

  func matches(_ key: PrivateKey) -> Bool {
    defer { ERR_clear_error() }
    return X509_check_private_key(pointer, key.pointer) == 1
  }

  /// Whether a signature, as `PrivateKey.sign` makes it, is by the certificate's key.
  func verifies(_ signature: [UInt8], of message: String) -> Bool {
    let message = Array(message.utf8)
    let context = EVP_MD_CTX_new()
    defer {
      EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, X509_get0_pubkey(pointer)) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  /// The serial number in decimal: RFC 5280 allows 160 bits.
  var serialNumber: String? {
    guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(pointer), nil) else { return nil }
    defer { BN_free(number) }
    guard let digits = BN_bn2dec(number) else { return nil }
    defer { CRYPTO_free(digits, nil, 0) }
    return String(cString: digits)
  }

  /// Milliseconds since the epoch.
  var notBefore: Int64? { Self.milliseconds(X509_get0_notBefore(pointer)) }
  /// Milliseconds since the epoch.
  var notAfter: Int64? { Self.milliseconds(X509_get0_notAfter(pointer)) }

  private static func milliseconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    guard let epoch = ASN1_TIME_set(nil, 0) else { return nil }
    defer { ASN1_TIME_free(epoch) }
    var days: Int32 = 0
    var seconds: Int32 = 0
    guard let time, ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
    return (Int64(days) * 86400 + Int64(seconds)) * 1000
  }

  var subject: String {
    guard let text = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(text) }
    X509_NAME_print_ex(text, X509_get_subject_name(pointer), 0, COpenSSL_readableName)
    var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(text))
    let count = BIO_read(text, &bytes, Int32(clamping: bytes.count))
    return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
  }
}
