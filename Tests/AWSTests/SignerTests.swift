import FoundationEssentials
import Testing
import Unix
@testable import AWS

/// Reads a file of `Tests/fixtures/sigv4`.
private func vectors<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
  let tests = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(type, from: Data(TextFile.read("/\(tests)/fixtures/sigv4/\(name)")))
}

private func date(_ timestamp: String) -> DateTime {
  // 20150830T123600Z, by way of the Date header's parser.
  let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  let text = Array(timestamp)
  func part(_ range: Range<Int>) -> String { String(text[range]) }
  let month = months[(Int(part(4..<6)) ?? 1) - 1]
  let header = "Mon, \(part(6..<8)) \(month) \(part(0..<4)) \(part(9..<11)):\(part(11..<13)):\(part(13..<15)) GMT"
  return DateTime(milliseconds: DateTime.milliseconds(httpDate: header) ?? 0)
}

@Suite struct SignerTests {
  struct Suite: Decodable {
    struct Case: Decodable {
      let name: String
      let method: String
      let path: String
      let query: [[String]]
      let headers: [[String]]
      let body: String
      let token: String?
      let authorization: String
      let date: String
    }
    let cases: [Case]
  }

  @Test func signsThePublishedSuite() throws {
    let suite = try vectors("sigv4-suite.json", as: Suite.self)
    #expect(suite.cases.count >= 20)
    for item in suite.cases {
      var signer = Signer(service: "service", region: "us-east-1")
      let body = ByteBuffer()
      body.append(item.body)
      let headers = signer.headers(
        method: item.method, path: item.path, query: item.query.map { ($0[0], $0[1]) },
        headers: item.headers.map { ($0[0], $0[1]) }, body: body.bytes,
        credentials: AWSCredentials(
          accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: item.token),
        date: date(item.date))
      #expect(headers.last?.value == item.authorization, "\(item.name)")
    }
  }

  struct JSONVectors: Decodable {
    struct Vector: Decodable {
      let label: String
      let service: String
      let region: String
      let headers: [String: String]
      let bodyBase64: String
      let accessKey: String
      let secretKey: String
      let sessionToken: String?
      let canonicalRequest: String
      let signingKeyHex: String
      let authorization: String
    }
    let vectors: [Vector]
  }

  @Test func signsOurCalls() throws {
    let all = try vectors("sigv4-json-vectors.json", as: JSONVectors.self).vectors
    #expect(all.count == 6)
    for vector in all {
      let body = ByteBuffer()
      body.append(Array(try #require(Data(base64Encoded: vector.bodyBase64))))
      let credentials = AWSCredentials(
        accessKeyId: vector.accessKey, secretAccessKey: vector.secretKey, sessionToken: vector.sessionToken)
      let given = vector.headers.filter { $0.key != "X-Amz-Date" && $0.key != "X-Amz-Security-Token" }
      var signer = Signer(service: vector.service, region: vector.region)
      let signed = signer.headers(
        method: "POST", headers: given.map { ($0.key, $0.value) }, body: body.bytes, credentials: credentials,
        date: date(try #require(vector.headers["X-Amz-Date"])))
      #expect(signed.last?.value == vector.authorization, "\(vector.label)")
      let key = signer.signingKey(secret: vector.secretKey, day: String(vector.headers["X-Amz-Date"]?.prefix(8) ?? ""))
      #expect(key.hex == vector.signingKeyHex, "\(vector.label)")
    }
  }

  @Test func aNewDayOrSecretGetsANewKey() {
    var signer = Signer(service: "logs", region: "us-east-1")
    let first = signer.signingKey(secret: "a", day: "20260105")
    #expect(signer.signingKey(secret: "a", day: "20260106") != first)
    #expect(signer.signingKey(secret: "b", day: "20260105") != first)
    #expect(signer.signingKey(secret: "a", day: "20260105") == first)
  }

  @Test func credentialsDoNotPrintTheirSecret() {
    let credentials = AWSCredentials(accessKeyId: "AKID", secretAccessKey: "canary1", sessionToken: "canary2")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
      #expect(!text.contains("canary"))
    }
  }
}
