internal import Unix

/// The role of an EC2 instance, by its metadata service. It is the last provider, asked once and for a second, and only on an EC2
/// instance or where a setting says that there is such a service: only its address proves what it is.
struct InstanceMetadata: CredentialsProvider {
  private let endpoint: Endpoint
  private let allowsVersion1: Bool
  private let limit: Int
  private let network: ProviderClient

  var name: String { "the instance metadata service \(endpoint.url)" }
  let calls = ["GET /latest/meta-data/iam/security-credentials/"]

  static func find(_ context: CredentialsContext) throws -> LookupResult {
    if context.environment("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return .nothing("AWS_EC2_METADATA_DISABLED is true") }
    guard isToldTo(context) || EC2Firmware.isHere(context.sysfs) else {
      return .nothing("this machine is no EC2 instance; AWS_EC2_METADATA_DISABLED=false has its address asked all the same")
    }
    return .provider(try provider(context))
  }

  private static func isToldTo(_ context: CredentialsContext) -> Bool {
    let names = ["ENDPOINT", "ENDPOINT_MODE"].map { "AWS_EC2_METADATA_SERVICE_\($0)" }
    return context.environment("AWS_EC2_METADATA_DISABLED")?.lowercased() == "false"
      || names.contains { context.environment($0) != nil || context.profile[$0.dropFirst("AWS_".count).lowercased()] != nil }
  }

  /// The provider for a role with `credential_source = Ec2InstanceMetadata`.
  static func provider(_ context: CredentialsContext) throws -> InstanceMetadata {
    let environment = context.environment
    func setting(_ variable: String, _ key: String) -> String? { environment(variable) ?? context.profile[key] }
    let mode = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")?.lowercased()
    let usual = mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    let isVersion1Off = setting("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled")?.lowercased() == "true"
    let limit = setting("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout").flatMap { Int($0) } ?? 1
    return InstanceMetadata(
      endpoint: try endpoint(setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint") ?? usual),
      allowsVersion1: !isVersion1Off, limit: min(max(limit, 1), 60), network: context.calls)
  }

  /// The service speaks plain http, which is used for its own addresses and this machine only.
  private static func endpoint(_ url: String) throws -> Endpoint {
    var url = url
    while url.hasSuffix("/") { url.removeLast() }
    let authority = String(url.dropFirst("http://".count))
    if url.hasPrefix("http://"), Endpoint.isOne(of: ["169.254.169.254", "[fd00:ec2::254]"], authority) {
      return Endpoint(url: url, host: authority)
    }
    do {
      return try Endpoint.custom(url)
    } catch let error as CommandError {
      throw CredentialsError("AWS_EC2_METADATA_SERVICE_ENDPOINT: \(error.message)", status: .badConfiguration)
    }
  }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    let token = try token()
    let folder = "/latest/meta-data/iam/security-credentials/"
    let role = try get(folder, token) { MetadataService.text($0) }
    return try get(folder + CanonicalRequest.encoded(role), token) { MetadataService.credentials($0) }
  }

  // Nil: the service has version 1 only, which needs no token.
  private func token() throws -> String? {
    var request = MetadataService.putToken(endpoint, seconds: 21600)
    request.limits = .init(connecting: limit, all: limit)
    let answer = Result { try network.tryOnce(request) }
    switch answer {
    case .success(let response):
      if let token = MetadataService.text(response) { return token }
      throw CredentialsError("\(name) gave no token", .unavailable)
    case .failure(let error as AWSError):
      // 403, 404 and 405 are the answers of a service that knows no tokens.
      if allowsVersion1, error.kind == .accessDenied || error.kind == .refused { return nil }
      throw unanswered(error)
    case .failure(let error): throw error
    }
  }

  private func get<Answer>(_ path: String, _ token: String?, _ decode: (AWSResponse) -> Answer?) throws -> Answer {
    var request = MetadataService.get(path, endpoint, token: token)
    request.limits = .init(connecting: limit, all: limit)
    do {
      if let answer = decode(try network.tryOnce(request)) { return answer }
    } catch let error as AWSError {
      throw unanswered(error)
    }
    throw CredentialsError("\(name) has no role for this instance")
  }

  // Outside of EC2 nothing answers: then there are no credentials at all.
  private func unanswered(_ error: AWSError) -> CredentialsError {
    if case .network = error.kind { return CredentialsChain.none }
    // A proxy or a firewall has answered.
    if error.code.isEmpty, error.kind == .accessDenied || error.kind == .refused { return CredentialsChain.none }
    return CredentialsError(error, for: name)
  }
}
