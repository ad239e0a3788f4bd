internal import Unix

/// A role assumed with a token that another system, such as Kubernetes, writes into a file.
struct WebIdentity: CredentialsProvider {
  private let arn: String
  private let sessionName: String
  private let tokenPath: String
  private let region: String
  private let network: ProviderClient

  var name: String { "the role \(arn), by the token in \(tokenPath)" }
  var identity: String? {
    ["web identity", arn, sessionName, tokenPath, network.endpoint(STS.service, region: region)].joined(separator: "\n")
  }
  var inputs: [String] { [tokenPath] }
  let calls = ["sts AssumeRoleWithWebIdentity"]

  static func find(_ context: CredentialsContext) throws -> LookupResult {
    let profile = context.profile
    // An explicit profile's own settings stand alone, as with the environment's keys.
    let environment: Environment = { context.profileChoice == .byOption ? nil : context.environment($0) }
    guard let path = environment("AWS_WEB_IDENTITY_TOKEN_FILE") ?? profile["web_identity_token_file"] else {
      return .nothing("neither AWS_WEB_IDENTITY_TOKEN_FILE nor web_identity_token_file is set")
    }
    guard let arn = environment("AWS_ROLE_ARN") ?? profile["role_arn"] else {
      throw CredentialsError(
        "a web identity token file is given, and no role for it; set AWS_ROLE_ARN or role_arn", status: .badConfiguration)
    }
    guard let region = context.region ?? profile["region"] else {
      throw CredentialsError("no region is known to ask for the role \(arn) in; give --region or AWS_REGION", status: .badConfiguration)
    }
    let session = environment("AWS_ROLE_SESSION_NAME") ?? profile["role_session_name"] ?? "cloudwatch-publisher"
    return .provider(WebIdentity(arn: arn, sessionName: session, tokenPath: path, region: region, network: context.calls))
  }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    // The file is read each time, since it changes every few minutes.
    let token = try Self.token(tokenPath)
    let request = STS.assumeRoleWithWebIdentity(arn, sessionName: sessionName, token: token)
    return try network.ask(request, region: region, for: name) { STS.credentials($0) }
  }

  private static func token(_ path: String) throws -> String {
    let text = try translating({ CredentialsError("the web identity token cannot be had: \($0.message)", status: $0.status) }) {
      try TextFile.read(path)
    }
    let token = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard token.count == 1, let only = token.first, (4...20_000).contains(only.utf8.count) else {
      throw CredentialsError("\(path) holds no token: expected one word of 4 to 20,000 characters")
    }
    return String(only)
  }
}
