internal import Unix

/// Signature Version 4 in the `Authorization` header (IAM User Guide, "Create a signed AWS API request").
struct Signer {
  let service: String
  let region: String
  // The derived key changes once a day; deriving it costs four of the five HMACs.
  private var key: (secret: String, day: String, bytes: [UInt8])?

  init(service: String, region: String) {
    self.service = service
    self.region = region
  }

  /// The headers to add to a request whose `headers` are all signed with them.
  /// - Parameters:
  ///   - headers: `Host` among them, neither `X-Amz-Date` nor the token.
  ///   - body: as it is sent, that is, compressed if it is.
  mutating func headers(
    method: String, path: String = "/", query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)], body: UnsafeRawBufferPointer, credentials: AWSCredentials, date: DateTime
  ) -> [(name: String, value: String)] {
    var added = [(name: "X-Amz-Date", value: date.basicISO8601)]
    if let token = credentials.sessionToken { added.append((name: "X-Amz-Security-Token", value: token)) }
    let canonical = CanonicalRequest(
      method: method, path: path, query: query, headers: headers + added, payloadHash: SHA256.hash(body).hex)
    let key = signingKey(secret: credentials.secretAccessKey, day: date.basicDate)
    let scope = "\(date.basicDate)/\(region)/\(service)/aws4_request"
    return added + [
      Self.authorization("AWS4-HMAC-SHA256", credentials.accessKeyId, scope: scope, date, canonical) { HMAC.sha256(key: key, $0) }
    ]
  }

  /// The header with the signature, which is made by HMAC here and by an X.509 key for IAM Roles Anywhere.
  /// - Parameters:
  ///   - id: names the key.
  ///   - sign: what it throws is thrown.
  static func authorization(
    _ algorithm: String, _ id: String, scope: String, _ date: DateTime, _ canonical: CanonicalRequest, sign: (String) throws -> [UInt8]
  ) rethrows -> (name: String, value: String) {
    let text = [algorithm, date.basicISO8601, scope, SHA256.hash(canonical.text).hex].joined(separator: "\n")
    let signature = try sign(text).hex
    let value = "\(algorithm) Credential=\(id)/\(scope), SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
    return (name: "Authorization", value: value)
  }

  mutating func signingKey(secret: String, day: String) -> [UInt8] {
    if let key, key.secret == secret, key.day == day { return key.bytes }
    var bytes = Array("AWS4\(secret)".utf8)
    for part in [day, region, service, "aws4_request"] { bytes = HMAC.sha256(key: bytes, part) }
    key = (secret, day, bytes)
    return bytes
  }
}
