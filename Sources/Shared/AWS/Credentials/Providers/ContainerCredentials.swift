internal import Unix

/// The endpoint that gives a container its credentials (AWS SDKs and Tools Reference Guide, "Container credential provider"); also
/// what `cw-creds serve` offers.
struct ContainerCredentials: CredentialsProvider {
  private let endpoint: Endpoint
  private let path: String
  private let environment: Environment
  private let network: ProviderClient

  var name: String { "the container endpoint \(endpoint.url)" }
  let calls = ["GET of AWS_CONTAINER_CREDENTIALS_…"]

  static func find(_ context: CredentialsContext) throws -> LookupResult {
    guard isSet(context) else {
      return .nothing("neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
    }
    return .provider(try provider(context))
  }

  /// The provider for a role with `credential_source = EcsContainer`.
  static func provider(_ context: CredentialsContext) throws -> ContainerCredentials {
    guard isSet(context) else {
      throw CredentialsError(
        "no container: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
    }
    let (endpoint, path) = try target(context.environment)
    return ContainerCredentials(endpoint: endpoint, path: path, environment: context.environment, network: context.calls)
  }

  private static func isSet(_ context: CredentialsContext) -> Bool {
    context.environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != nil || context.environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") != nil
  }

  /// The host and path to ask. Plain http goes only to this machine and to the addresses of AWS's agents.
  static func target(_ environment: Environment) throws -> (Endpoint, path: String) {
    if let path = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      guard path.hasPrefix("/"), isPath(path) else { throw unusable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "does not begin with /") }
      return (Endpoint(url: "http://169.254.170.2", host: "169.254.170.2"), path)
    }
    let url = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") ?? ""
    let variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { throw unusable(variable, "is no URL") }
    let authority = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
    let rest = url.dropFirst(scheme.count + authority.count)
    let path = rest.hasPrefix("/") ? String(rest) : "/" + rest
    guard isPath(path) else { throw unusable(variable, "has characters that no URL has") }
    if Endpoint.isOne(of: ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"], String(authority)) {
      return (Endpoint(url: scheme + authority, host: String(authority)), path)
    }
    do {
      return (try Endpoint.custom(scheme + authority), path)
    } catch let error as CommandError {
      throw CredentialsError("\(variable): \(error.message)", status: .badConfiguration)
    }
  }

  private static func isPath(_ text: String) -> Bool { text.utf8.allSatisfy { (0x21...0x7E).contains($0) } }

  private static func unusable(_ variable: String, _ reason: String) -> CredentialsError {
    CredentialsError("\(variable) \(reason)", status: .badConfiguration)
  }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    let authorization = try Self.authorization(environment)
    var request = MetadataService.getContainerCredentials(endpoint, path: path, authorization: authorization)
    request.limits = .init(connecting: 2, all: 30)
    let advice = { (error: AWSError) -> ProviderClient.Advice? in
      error.kind == .accessDenied
        ? .refusal("AWS_CONTAINER_AUTHORIZATION_TOKEN, or the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, is not its") : nil
    }
    return try network.ask(request, region: "", for: name, advice: advice) { MetadataService.credentials($0) }
  }

  // The file is read each time, since it changes while this program runs.
  private static func authorization(_ environment: Environment) throws -> String? {
    var token = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    if let path = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
      let bytes = try translating({
        CredentialsError("the container's authorization token cannot be had: \($0.message)", status: $0.status)
      }) { try TextFile.read(path) }
      token = String(decoding: bytes, as: UTF8.self)
      while token?.last?.isNewline == true { token?.removeLast() }
    }
    guard token?.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) ?? true else {
      throw CredentialsError("the container's authorization token has control characters in it")
    }
    return token
  }
}
