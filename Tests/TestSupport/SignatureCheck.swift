internal import COpenSSL

/// Whether this is the signature, with SHA-256, of the message by the key of a certificate in DER.
package func isSignature(_ signature: [UInt8], of message: String, by certificate: [UInt8]) -> Bool {
  let parsed = certificate.withUnsafeBufferPointer { bytes in
    var start = bytes.baseAddress
    return d2i_X509(nil, &start, bytes.count)
  }
  let context = EVP_MD_CTX_new()
  defer {
    EVP_MD_CTX_free(context)
    X509_free(parsed)
  }
  let message = Array(message.utf8)
  return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, X509_get0_pubkey(parsed)) == 1
    && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
}
