internal import Unix

/// A client's credentials, and their renewal in the background: signing in may take minutes during an outage, and must block neither
/// input nor signals.
final class CredentialsRefresher {
  enum Answer {
    case ready(AWSCredentials)
    /// They are being fetched.
    case later
    /// Fetching them has failed; the first call of `credentials` from this time on (monotonic nanoseconds) tries again.
    case notBefore(Int64)
    case failed(CredentialsError)
  }

  private let provider: (any CredentialsResolver)?
  private var current: AWSCredentials?
  /// When `current` came, by this machine's clock, in milliseconds.
  private var fetched: Int64 = 0
  private var refused: AWSCredentials?
  private var fetch: ThreadedCall<AWSCredentials>?
  /// A failed renewal is not tried again before this time, in monotonic nanoseconds.
  private var nextRenewal = Int64.min
  /// How often fetching has failed in a row, and when the next fetch may begin.
  private var failures = 0
  private var nextFetch = Int64.min
  private let policy = RenewalPolicy()
  private let clock: () -> Int64

  /// - Parameter clock: monotonic, in nanoseconds.
  init(_ provider: any CredentialsResolver, clock: @escaping () -> Int64 = Clock.monotonicNanoseconds) {
    self.provider = provider
    self.clock = clock
  }

  /// With credentials that are never renewed; nil: for requests that need none.
  init(fixed: AWSCredentials?) {
    provider = nil
    clock = Clock.monotonicNanoseconds
    current = fixed
  }

  /// Becomes readable when a fetch has ended; nil: no fetch is under way.
  var descriptor: Int32? { fetch?.descriptor }

  /// - Parameter clockOffset: milliseconds to add to this machine's clock to get the service's time.
  func credentials(clockOffset: Int64) -> Answer {
    guard provider != nil else {
      return current.map(Answer.ready) ?? .failed(CredentialsError("this call must be signed, and there is nothing to sign with"))
    }
    if let current {
      let now = Clock.realtimeMilliseconds()
      switch policy.state(retrieved: fetched, expiration: current.expiration, clockOffset: clockOffset, now: now) {
      case .fresh: return .ready(current)
      case .due:
        if clock() >= nextRenewal { startFetch() }
        return .ready(current)
      case .useless: self.current = nil
      }
    }
    // This holds however many requests wait.
    if fetch == nil, clock() < nextFetch { return .notBefore(nextFetch) }
    startFetch()
    return fetch == nil ? .failed(CredentialsError("no thread to sign in with", .unavailable)) : .later
  }

  /// Notes that the service has refused these credentials.
  func refuse(_ credentials: AWSCredentials) {
    guard provider != nil else { return }
    if current == credentials { current = nil }
    refused = credentials
  }

  /// The result of a fetch that has ended; nil: none has.
  func collect() -> Result<AWSCredentials, CredentialsError>? {
    guard let result = fetch?.result() else { return nil }
    fetch = nil
    do {
      let credentials = try result.get()
      current = credentials
      fetched = Clock.realtimeMilliseconds()
      if credentials != refused { refused = nil }
      (failures, nextFetch) = (0, .min)
      return .success(credentials)
    } catch {
      let error = CredentialsError(any: error)
      failures += 1
      nextRenewal = clock() + RenewalPolicy.pauseAfterFailure * 1_000_000
      nextFetch = clock() + RenewalPolicy.pause(afterFailures: failures) * 1_000_000
      return .failure(error)
    }
  }

  private func startFetch() {
    guard fetch == nil, let provider else { return }
    let refused = refused
    // Only this object uses the resolver, and not again before this fetch has ended.
    let unchecked = UncheckedSendable(provider)
    fetch = try? ThreadedCall { try unchecked.value.credentials(besides: refused) }
  }
}
