internal import AWS
internal import Config
internal import Unix

/// Whose credentials these are, as the Security Token Service says.
struct Identity {
  let providerName: String
  let credentials: AWSCredentials
  let caller: STS.CallerIdentity
  /// Milliseconds by which this machine's clock is ahead of the service's.
  let clockLead: Int64
  let region: String

  /// What AWS puts up with in a signature's date ("Troubleshoot signature errors", IAM User Guide); from here on a clock is wrong.
  static let toleratedLead: Int64 = 5 * 60_000

  /// Signs in where that is needed, and asks.
  init(_ session: AWSSession) throws {
    region = try session.region()
    _ = try session.endpoint(of: STS.service)
    let resolver = try session.credentials()
    providerName = resolver.name
    // First for themselves, so that what fails is named: the source or the service.
    credentials = try resolver.credentials(besides: nil)
    var options = try session.clientOptions(retryPolicy: RetryPolicy(maximumAttempts: 3, repeatsUncertain: true))
    options.dryRunDescriptor = nil
    let client = try RetryingClient(options, credentials: resolver)
    let response = try client.send(STS.getCallerIdentity())
    clockLead = Clock.realtimeMilliseconds() - client.serviceMilliseconds
    guard let caller = STS.callerIdentity(response) else {
      throw CommandError(.unavailable, "the Security Token Service answered something else than an identity")
    }
    self.caller = caller
  }

  var isClockWrong: Bool { abs(clockLead) > Self.toleratedLead }

  var clock: String {
    if clockLead == 0 { return "right" }
    return "\(abs(clockLead) / 1000) s \(clockLead > 0 ? "ahead of" : "behind") AWS's"
  }

  /// When the credentials end, for people.
  func end(now: Int64) -> String {
    guard let expiration = credentials.expiration else { return "never" }
    return "\(DateTime(milliseconds: expiration).iso8601), in \(max(expiration - now, 0) / 60_000) min"
  }

  /// Lines for people.
  var lines: [(String, String)] {
    [
      ("source", providerName), ("account", caller.account), ("arn", caller.arn),
      ("expires", end(now: Clock.realtimeMilliseconds() - clockLead)), ("clock", clock), ("region", region),
    ]
  }
}
