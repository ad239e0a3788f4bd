internal import Unix

/// A client's credentials, and their renewal in the background: signing in may take minutes while the network is away, and must
/// hold up neither input nor signals.
final class CredentialsRefresher {
  enum Answer {
    case ready(AWSCredentials)
    /// They are being fetched.
    case later
    /// Fetching them has failed; it is tried again when there is a question at this time (monotonic nanoseconds).
    case notBefore(Int64)
    case failed(CredentialsError)
  }

  private let provider: (any CredentialsResolver)?
  private var current: AWSCredentials?
  /// By this machine's clock, in milliseconds.
  private var fetched: Int64 = 0
  private var refused: AWSCredentials?
  private var fetch: ThreadedCall<AWSCredentials>?
  /// Of the monotonic clock: a renewal that failed is not tried again before.
  private var nextRenewal = Int64.min
  /// How often fetching has failed in a row, and when the next may begin.
  private var failures = 0
  private var nextFetch = Int64.min
  private let policy = RenewalPolicy()
  private let clock: () -> Int64

  /// - Parameter clock: monotonic, in nanoseconds.
  init(_ provider: any CredentialsResolver, clock: @escaping () -> Int64 = Clock.monotonicNanoseconds) {
    self.provider = provider
    self.clock = clock
  }

  /// With credentials that nobody renews; nil: for calls that need none.
  init(fixed: AWSCredentials?) {
    provider = nil
    clock = Clock.monotonicNanoseconds
    current = fixed
  }

  /// Readable when a fetch has ended; nil: none is under way.
  var descriptor: Int32? { fetch?.descriptor }

  /// - Parameter clockOffset: what is to be added to this machine's clock to have the service's, in milliseconds.
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
    // However many calls ask, in however short a time.
    if fetch == nil, clock() < nextFetch { return .notBefore(nextFetch) }
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
    // Nobody else asks it, and it is not asked again before this has ended.
    let unchecked = UncheckedSendable(provider)
    fetch = try? ThreadedCall { try unchecked.value.credentials(besides: refused) }
  }
}
