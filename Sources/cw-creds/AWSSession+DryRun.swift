internal import AWS
internal import Config
internal import Unix

extension AWSSession {
  /// `--dry-run`: prints a line `{"service":…,"region":…,"operation":…}` for each request that would be sent. Their content is left out,
  /// since it has secrets.
  /// - Parameter besides: requests after those of the provider, such as `sts GetCallerIdentity`.
  func printCalls(besides: [String] = []) throws {
    let (text, region) = (ByteBuffer(), try region())
    for request in try CredentialsChain.find(credentialsContext()).calls + besides {
      let words = request.split(separator: " ", maxSplits: 1).map(String.init)
      let json: JSON.Value = ["service": words.first ?? "", "region": region, "operation": words.dropFirst().first ?? ""]
      json.append(to: text)
      text.append("\n")
    }
    try writeOutput(text)
  }
}
