internal import COpenSSL

/// libcrypto's EVP_PKEY with a private half.
final class PrivateKey {
  let pointer: OpaquePointer

  /// - Parameter der: PKCS#8 that is not encrypted, PKCS#1 or SEC1.
  init?(_ der: SecretBytes) {
    let parsed = der.read { bytes in
      var start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      return d2i_AutoPrivateKey(nil, &start, bytes.count)
    }
    guard let parsed else { return nil }
    pointer = parsed
  }

  /// Makes a key: EC on the curve P-256.
  init() throws {
    guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil) else { throw LibcryptoError("make a key") }
    defer { EVP_PKEY_CTX_free(context) }
    var made: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) == 1,
      EVP_PKEY_keygen(context, &made) == 1, let made
    else { throw LibcryptoError("make a key") }
    pointer = made
  }

  deinit { EVP_PKEY_free(pointer) }

  /// Nil: the key is neither RSA nor EC.
  var algorithm: X509Identity.Algorithm? {
    switch EVP_PKEY_get_base_id(pointer) {
    case EVP_PKEY_RSA: .rsa
    case EVP_PKEY_EC: .ecdsa
    default: nil
    }
  }

  /// Signs with SHA-256; RSA by PKCS#1 v1.5.
  func sign(_ message: String) throws -> [UInt8] {
    let message = Array(message.utf8)
    guard let context = EVP_MD_CTX_new() else { throw LibcryptoError("sign") }
    defer { EVP_MD_CTX_free(context) }
    var count = 0
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer) == 1,
      EVP_DigestSign(context, nil, &count, message, message.count) == 1
    else { throw LibcryptoError("sign") }
    var signature = [UInt8](repeating: 0, count: count)
    guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else { throw LibcryptoError("sign") }
    return Array(signature.prefix(count))
  }
}
