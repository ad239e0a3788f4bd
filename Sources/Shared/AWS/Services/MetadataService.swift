internal import FoundationEssentials

/// What answers on a machine in AWS, to whoever is on that machine: the instance metadata service of EC2 (version 2, IMDSv2), and
/// the endpoint that gives a container its credentials.
package enum MetadataService {
  package static let service = Service(hostPrefix: "", signingName: "", wire: .rest, endpointIdentifier: "")

  /// - Parameter seconds: that the token shall live, at most six hours.
  package static func putToken(_ endpoint: Endpoint, seconds: Int) -> Call {
    var call = Call(service: service, operation: "PutToken", method: "PUT", path: "/latest/api/token")
    call.headers = [(name: "x-aws-ec2-metadata-token-ttl-seconds", value: String(seconds))]
    call.endpoint = endpoint
    return call
  }

  /// - Parameter token: nil for version 1, which asks for none.
  package static func get(_ path: String, _ endpoint: Endpoint, token: String?) -> Call {
    var call = Call(service: service, operation: "GetMetadata", method: "GET", path: path)
    if let token { call.headers = [(name: "x-aws-ec2-metadata-token", value: token)] }
    call.endpoint = endpoint
    return call
  }

  package static func getContainerCredentials(_ endpoint: Endpoint, path: String, authorization: String?) -> Call {
    var call = Call(service: service, operation: "GetContainerCredentials", method: "GET", path: path)
    call.headers = [(name: "Accept", value: "application/json")]
    if let authorization { call.headers.append((name: "Authorization", value: authorization)) }
    call.endpoint = endpoint
    return call
  }

  /// The credentials in either's answer, which may be a success that says `Code` and no more.
  package static func credentials(_ reply: Reply) -> AWSCredentials? {
    struct Response: Decodable {
      let accessKeyId: String
      let secretAccessKey: String
      let token: String?
      let expiration: String?
      let accountId: String?
    }
    guard let response = reply.decoded(Response.self, .capitalized), !response.accessKeyId.isEmpty, !response.secretAccessKey.isEmpty
    else { return nil }
    let expiration = response.expiration.flatMap(ISO8601.milliseconds)
    // An end that nobody understands is not none.
    guard expiration != nil || response.expiration == nil else { return nil }
    return AWSCredentials(
      accessKeyId: response.accessKeyId, secretAccessKey: response.secretAccessKey, sessionToken: response.token,
      expiration: expiration, accountId: response.accountId)
  }

  /// A short text, such as a role's name or a token.
  package static func text(_ reply: Reply) -> String? {
    let text = String(decoding: reply.body, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
    let isGood = !text.isEmpty && text.utf8.count < 4096 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    return isGood ? text : nil
  }
}
