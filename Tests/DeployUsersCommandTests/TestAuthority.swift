import COpenSSL

/// Makes certificates as IoT does: for what a request asks, by a key of its own.
final class TestAuthority {
  private let key: OpaquePointer?
  private var count = 0

  init() {
    var made: OpaquePointer?
    let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
    EVP_PKEY_keygen_init(context)
    EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
    EVP_PKEY_keygen(context, &made)
    EVP_PKEY_CTX_free(context)
    key = made
  }

  deinit { EVP_PKEY_free(key) }

  /// PEM; nil if the request is none, or not signed by the key in it.
  func certificate(_ request: String) -> String? {
    let (input, output) = (BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()))
    let certificate = X509_new()
    defer {
      BIO_free(input)
      BIO_free(output)
      X509_free(certificate)
    }
    BIO_puts(input, request)
    guard let request = PEM_read_bio_X509_REQ(input, nil, nil, nil) else { return nil }
    defer { X509_REQ_free(request) }
    guard X509_REQ_verify(request, X509_REQ_get0_pubkey(request)) == 1 else { return nil }
    count += 1
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), count)
    X509_set_subject_name(certificate, X509_REQ_get_subject_name(request))
    X509_set_issuer_name(certificate, X509_REQ_get_subject_name(request))
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0)
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400)
    X509_set_pubkey(certificate, X509_REQ_get0_pubkey(request))
    guard X509_sign(certificate, key, EVP_sha256()) > 0, PEM_write_bio_X509(output, certificate) == 1 else { return nil }
    var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(output))
    BIO_read(output, &bytes, Int32(bytes.count))
    return String(decoding: bytes, as: UTF8.self)
  }
}
