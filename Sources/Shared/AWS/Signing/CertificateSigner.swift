internal import Unix

/// The signature of IAM Roles Anywhere: Signature Version 4 with a certificate's key in place of a secret one (IAM Roles Anywhere User
/// Guide, "Sign the CreateSession request").
struct CertificateSigner {
  private static let service = "rolesanywhere"
  let identity: X509Identity
  let region: String

  /// The headers to add to a request whose `headers` are all signed with them.
  /// - Parameters:
  ///   - headers: `Host` among them, neither `X-Amz-Date` nor the certificates.
  ///   - body: as it is sent.
  func headers(
    method: String, path: String, query: [(name: String, value: String)] = [], headers: [(name: String, value: String)],
    body: UnsafeRawBufferPointer, date: DateTime
  ) throws -> [(name: String, value: String)] {
    var added = [(name: "X-Amz-Date", value: date.basicISO8601), (name: "X-Amz-X509", value: identity.certificate.base64)]
    if !identity.chain.isEmpty {
      added.append((name: "X-Amz-X509-Chain", value: identity.chain.map(\.base64).joined(separator: ",")))
    }
    let canonical = CanonicalRequest(
      method: method, path: path, query: query, headers: headers + added, payloadHash: SHA256.hash(body).hex)
    let scope = "\(date.basicDate)/\(region)/\(Self.service)/aws4_request"
    return added + [try Signer.authorization(algorithm, identity.serialNumber, scope: scope, date, canonical, sign: identity.sign)]
  }

  private var algorithm: String {
    switch identity.algorithm {
    case .rsa: "AWS4-X509-RSA-SHA256"
    case .ecdsa: "AWS4-X509-ECDSA-SHA256"
    }
  }
}
