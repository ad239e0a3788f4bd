internal import Config
internal import Unix

/// The services for programs on a machine in AWS: the instance metadata service of EC2 (version 2, IMDSv2), and the endpoint that gives a
/// container its credentials.
enum MetadataService {
  static let service = Service(hostPrefix: "", signingName: "", wireProtocol: .rest, endpointIdentifier: "")

  /// - Parameter seconds: the lifetime of the token, at most six hours.
  static func putToken(_ endpoint: Endpoint, seconds: Int) -> AWSRequest {
    AWSRequest(
      service: service, operation: "PutToken", method: "PUT", path: "/latest/api/token",
      headers: [(name: "x-aws-ec2-metadata-token-ttl-seconds", value: String(seconds))], endpoint: endpoint)
  }

  /// Asks for one path of the metadata.
  /// - Parameter token: nil: version 1, which needs none.
  static func get(_ path: String, _ endpoint: Endpoint, token: String?) -> AWSRequest {
    let headers = token.map { [(name: "x-aws-ec2-metadata-token", value: $0)] } ?? []
    return AWSRequest(service: service, operation: "GetMetadata", method: "GET", path: path, headers: headers, endpoint: endpoint)
  }

  static func getContainerCredentials(_ endpoint: Endpoint, path: String, authorization: String?) -> AWSRequest {
    let headers = [(name: "Accept", value: "application/json")] + (authorization.map { [(name: "Authorization", value: $0)] } ?? [])
    return AWSRequest(
      service: service, operation: "GetContainerCredentials", method: "GET", path: path, headers: headers, endpoint: endpoint)
  }

  /// The credentials in a response of either; nil: there are none, as in a success that has only a `Code`.
  static func credentials(_ response: AWSResponse) -> AWSCredentials? {
    guard let json = response.json, let accessKeyId = json.string("AccessKeyId"), !accessKeyId.isEmpty,
      let secretAccessKey = json.string("SecretAccessKey"), !secretAccessKey.isEmpty
    else { return nil }
    let expiration = json.string("Expiration").flatMap(DateTime.milliseconds(iso8601:))
    // An unreadable expiration is not the same as none.
    guard expiration != nil || json.at("Expiration") == nil else { return nil }
    return AWSCredentials(
      accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: json.string("Token"), expiration: expiration,
      accountId: json.string("AccountId"))
  }

  /// A short text, such as a role's name or a token; nil: the response is something else.
  static func text(_ response: AWSResponse) -> String? {
    let text = String(decoding: response.body, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
    let isValid = !text.isEmpty && text.utf8.count < 4096 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    return isValid ? text : nil
  }
}
