internal import AWS
internal import Config
internal import Unix

/// `--dry-run`: the requests that would be sent. Their content is left out, since it has secrets.
struct CredentialsDryRun {
  private let calls: [String]
  private let region: String

  /// - Parameter besides: requests after those of the provider, such as `sts GetCallerIdentity`.
  init(_ session: AWSSession, besides: [String] = []) throws {
    region = try session.region()
    calls = try CredentialsChain.find(session.credentialsContext()).calls + besides
  }

  /// Prints `{"service":…,"region":…,"operation":…}` lines.
  func print() throws {
    let text = ByteBuffer()
    for request in calls {
      let words = request.split(separator: " ", maxSplits: 1).map(String.init)
      let json: JSON.Value = ["service": words.first ?? "", "region": region, "operation": words.dropFirst().first ?? ""]
      json.append(to: text)
      text.append("\n")
    }
    try writeOutput(text)
  }
}
