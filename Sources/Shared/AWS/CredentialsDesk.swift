internal import Unix

/// A client's credentials, and their renewal in the background: signing in may take minutes while the network is away, and must
/// hold up neither input nor signals.
final class CredentialsDesk {
  enum Answer {
    case ready(AWSCredentials)
    /// They are being fetched.
    case later
    case failed(CredentialsError)
  }

  private let provider: (any CredentialsProvider)?
  private var current: AWSCredentials?
  private var refused: AWSCredentials?
  private var fetch: Background<Result<AWSCredentials, CredentialsError>>?
  /// Of the monotonic clock: a renewal that failed is not tried again before.
  private var nextRenewal = Int64.min
  private let policy = RenewalPolicy()

  init(_ provider: any CredentialsProvider) { self.provider = provider }

  /// With credentials that nobody renews; nil: for calls that need none.
  init(fixed: AWSCredentials?) {
    provider = nil
    current = fixed
  }

  /// Readable when a fetch has ended; nil: none is under way.
  var descriptor: Int32? { fetch?.descriptor }

  /// - Parameter now: by the service's clock, in milliseconds since the epoch.
  func credentials(now: Int64) -> Answer {
    guard provider != nil else {
      return current.map(Answer.ready) ?? .failed(CredentialsError("this call must be signed, and there is nothing to sign with"))
    }
    if let current, policy.isUsable(current, now: now) {
      if policy.wantsRenewal(current, now: now), Clock.monotonicNanoseconds() >= nextRenewal { startFetch() }
      return .ready(current)
    }
    current = nil
    startFetch()
    return fetch == nil ? .failed(CredentialsError("no thread to sign in with", .unavailable)) : .later
  }

  /// The service has refused these.
  func refuse(_ credentials: AWSCredentials) {
    guard provider != nil else { return }
    if current == credentials { current = nil }
    refused = credentials
  }

  /// Takes what a fetch has brought that has ended.
  func collect() -> Result<AWSCredentials, CredentialsError>? {
    let result = fetch?.take()
    fetch = nil
    switch result {
    case .success(let credentials)?:
      current = credentials
      if credentials != refused { refused = nil }
    case .failure?: nextRenewal = Clock.monotonicNanoseconds() + RenewalPolicy.pauseAfterFailure * 1_000_000
    case nil: break
    }
    return result
  }

  private func startFetch() {
    guard fetch == nil, let provider else { return }
    let refused = refused
    fetch = try? Background {
      Result { try provider.credentials(besides: refused) }.mapError { error in
        error as? CredentialsError
          ?? CredentialsError((error as? any Failure)?.message ?? "\(error)", status: (error as? any Failure)?.status)
      }
    }
  }
}
