internal import Unix

extension RenewalPolicy {
  enum Action: Equatable {
    case use(AWSCredentials)
    /// These are valid, and new ones should be fetched.
    case renew(AWSCredentials)
    case retrieve
    case fail(CredentialsError)
  }

  /// The time before which no process asks again after this failure; nil: a process may ask now.
  /// - Parameter inputs: the current stamp of the provider's files.
  func waitsUntil(_ failure: FailedAttempt, inputs: () -> String, now: Int64) -> Int64? {
    let next = failure.time + (failure.error.kind == .refused ? pause(afterRefusals: failure.refusals) : Self.pauseAfterFailure)
    guard now >= failure.time, now < next else { return nil }
    return failure.error.kind == .refused && inputs() != failure.inputs ? nil : next
  }

  /// The pause after so many refusals in a row, in milliseconds: it doubles with each.
  func pause(afterRefusals count: Int) -> Int64 {
    var pause = firstPause
    for _ in 0..<min(max(count, 1) - 1, 32) where pause < longestPause { pause *= 2 }
    return min(pause, longestPause)
  }

  /// What a process does that needs credentials.
  /// - Parameters:
  ///   - kept: what all processes share about this identity.
  ///   - refused: credentials that a service has refused, whatever their dates say; nil: none.
  ///   - since: the last attempt (`CachedCredentials.sequence`) when this process began to ask: if another process has failed since,
  ///     this one fails too.
  func action(
    _ kept: CachedCredentials, besides refused: AWSCredentials?, since: Int64, provider: String, inputs: () -> String, now: Int64
  ) -> Action {
    let wait = kept.failure.flatMap { waitsUntil($0, inputs: inputs, now: now) }
    if let credentials = kept.credentials, credentials != refused {
      switch state(retrieved: kept.retrieved, expiration: credentials.expiration, clockOffset: kept.clockOffset, now: now) {
      case .fresh: return .use(credentials)
      case .due: return wait == nil ? .renew(credentials) : .use(credentials)
      case .useless: break
      }
    }
    guard let failure = kept.failure else { return .retrieve }
    if kept.sequence > since { return .fail(failure.error) }
    guard failure.error.kind == .refused, let wait else { return .retrieve }
    return .fail(.waiting(after: failure, of: provider, until: wait, now: now))
  }
}

extension CredentialsError {
  /// No process asks before `until`.
  static func waiting(after failure: FailedAttempt, of provider: String, until: Int64, now: Int64) -> CredentialsError {
    CredentialsError(
      "\(provider) was refused at \(DateTime(milliseconds: failure.time).time) UTC (\(failure.error.message)); the next attempt is at \(DateTime(milliseconds: until).time) UTC,"
        + " in \((until - now + 999) / 1000) s, or when the configuration has changed",
      .refused, status: .tryAgain)
  }
}
