internal import Unix

@testable internal import AWS

/// A file with certificates and a private key, in PEM; and what is in it, in DER.
func fuzzX509Identity(_ input: Bytes) {
  do {
    let identity = try X509Identity([("file", Array(input))])
    hold(!identity.serialNumber.isEmpty, "a certificate has a number")
    hold(
      identity.notBefore <= identity.notAfter || identity.validity(at: identity.notBefore) != .valid,
      "what ends before it begins is never valid")
    let certificate = Certificate(SecretBytes(identity.certificate))
    let signature = try identity.sign("message")
    hold(certificate?.verifies(signature, of: "message") == true, "a signature is that of the certificate's key")
  } catch let error as X509Error {
    hold(!error.message.isEmpty && !error.message.utf8.contains(0x0A), "an error is one line")
  } catch {
    stop("a file is an identity or is refused: \(error)")
  }
  let der = SecretBytes(input)
  if let certificate = Certificate(der) {
    hold(certificate.content.count <= input.count, "a certificate is a part of what was read")
    hold(Certificate(SecretBytes(certificate.content)) != nil, "what was read can be read again")
    _ = (certificate.serialNumber, certificate.notBefore, certificate.notAfter, certificate.subject)
  }
  if let key = PrivateKey(der), key.algorithm != nil { _ = try? key.sign("") }
}
