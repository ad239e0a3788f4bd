import TestSupport
import Testing
import Unix

@testable import AWS

@Suite struct CertificateSignerTests {
  /// What AWS's own client for Python has signed.
  @Test func signsAsTheVectorsDo() throws {
    let tests = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    let file = try JSONValue(TextFile.read("/\(tests)/fixtures/sigv4/rolesanywhere-vectors.json"))
    let vectors = try #require(file["vectors"]?.elements)
    #expect(vectors.count == 4)
    for vector in vectors {
      func text(_ name: String) -> String { vector[name]?.string ?? "" }
      let identity = try X509Identity(
        ["certificate_pem", "throwaway_private_key_pem"].map { (name: $0, bytes: Array(text($0).utf8)) })
      #expect(identity.serialNumber == text("serial_decimal"))
      let given = ["Content-Type", "Host"].map { (name: $0, value: vector["headers"]?[$0]?.string ?? "") }
      let body = ByteBuffer()
      body.append(text("body"))
      let signed = try CertificateSigner(identity: identity, region: "us-east-1").headers(
        method: "POST", path: "/sessions", query: Self.query, headers: given, body: body.bytes,
        date: DateTime(milliseconds: 1_767_582_245_000))
      #expect(signed.map(\.name) == ["X-Amz-Date", "X-Amz-X509", "Authorization"])
      #expect(signed.first?.value == vector["headers"]?["X-Amz-Date"]?.string)
      #expect(signed.dropFirst().first?.value == vector["headers"]?["X-Amz-X509"]?.string)

      let authorization = try #require(signed.last?.value)
      if vector["signature_is_deterministic"] == .bool(true) {
        #expect(authorization == text("authorization"))
      } else {
        // Everything but the signature is the same, and that is one of what the vector's signs.
        let (ours, theirs) = (authorization.split(separator: "="), text("authorization").split(separator: "="))
        #expect(ours.dropLast() == theirs.dropLast())
        let signature = try #require(ours.last.flatMap(Self.bytes))
        let certificate = try #require(Certificate(SecretBytes(identity.certificate)))
        #expect(certificate.verifies(signature, of: text("string_to_sign")))
      }
    }
  }

  @Test func theChainIsSentAndSigned() throws {
    let tests = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    let identity = try X509Identity(
      ["chain.crt", "ec-sec1.key"].map { (name: $0, bytes: try TextFile.read("/\(tests)/fixtures/x509/\($0)")) })
    let signed = try CertificateSigner(identity: identity, region: "eu-west-1").headers(
      method: "POST", path: "/sessions", headers: [(name: "Host", value: "host")], body: ByteBuffer().bytes,
      date: DateTime(milliseconds: 0))
    #expect(signed.map(\.name) == ["X-Amz-Date", "X-Amz-X509", "X-Amz-X509-Chain", "Authorization"])
    #expect(signed[2].value == identity.chain.map(\.base64).joined(separator: ","))
    #expect(
      signed[3].value.hasPrefix(
        "AWS4-X509-ECDSA-SHA256 Credential=3/19700101/eu-west-1/rolesanywhere/aws4_request, "
          + "SignedHeaders=host;x-amz-date;x-amz-x509;x-amz-x509-chain, Signature="))
  }

  /// That of all vectors.
  private static let query = [
    (name: "trustAnchorArn", value: "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/66666666-7777-8888-9999-000000000000"),
    (name: "profileArn", value: "arn:aws:rolesanywhere:us-east-1:123456789012:profile/11111111-2222-3333-4444-555555555555"),
    (name: "roleArn", value: "arn:aws:iam::123456789012:role/CW+Publisher"),
  ]

  private static func bytes(_ hex: Substring) -> [UInt8]? {
    let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == hex.utf8.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}
