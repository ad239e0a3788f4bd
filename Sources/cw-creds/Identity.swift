internal import AWS
internal import Config
internal import Unix

/// The identity behind the credentials, by the Security Token Service.
struct Identity {
  let providerName: String
  let credentials: AWSCredentials
  let caller: STS.CallerIdentity
  /// Milliseconds by which this machine's clock is ahead of the service's.
  let clockLead: Int64
  let region: String

  /// Milliseconds that AWS tolerates in a signature's date ("Troubleshoot signature errors", IAM User Guide); beyond it a clock is wrong.
  static let toleratedLead: Int64 = 5 * 60_000

  /// Signs in if needed, and asks.
  /// - Throws: `CredentialsError`, `AWSError`, `CommandError`, or an error of the settings.
  init(_ session: AWSSession) throws {
    region = try session.region()
    _ = try session.endpoint(of: STS.service)
    let resolver = try session.credentials()
    providerName = resolver.name
    // Credentials come first, so that the message names what fails: the provider or the service.
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

  /// When the credentials expire, for people.
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
