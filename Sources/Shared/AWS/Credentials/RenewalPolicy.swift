/// When credentials are renewed, when they are useless, and when another attempt follows a failed one: a value. All times are in
/// milliseconds.
struct RenewalPolicy: Equatable {
  enum State: Equatable {
    case fresh
    /// They are valid, and new ones should be fetched.
    case due
    case useless
  }

  /// Renewal begins when less than this remains, or a quarter of the lifetime if that is shorter: room for an outage.
  var renewalMargin: Int64 = 15 * 60_000
  /// With less than this, or than an eighth of the lifetime if that is shorter, a request may arrive too late.
  var shortestUse: Int64 = 60_000
  /// The lifetime of credentials that seem to have expired when they were retrieved, which means that this machine's clock is wrong:
  /// STS issues none for less ("AssumeRole": 900 seconds).
  var assumedLifetime: Int64 = 15 * 60_000
  /// The first pause after a refusal.
  var firstPause = Self.pauseAfterFailure
  /// The longest lock-out of a Cognito user after wrong passwords.
  var longestPause: Int64 = 15 * 60_000

  /// Milliseconds before a failed renewal is tried again.
  static let pauseAfterFailure: Int64 = 60_000

  /// Milliseconds before a process without any credentials tries again: 2, 4, 8, … seconds, at most a minute. Each fetch is a sign-in
  /// of a few attempts already.
  static func pause(afterFailures failures: Int) -> Int64 { min(1000 << Int64(min(max(failures, 0), 6)), pauseAfterFailure) }

  /// - Parameters:
  ///   - retrieved: by this machine's clock.
  ///   - expiration: by the service's clock; nil: never.
  ///   - clockOffset: to add to this machine's clock to get the service's time; nil: not known.
  func state(retrieved: Int64, expiration: Int64?, clockOffset: Int64?, now: Int64) -> State {
    guard let expiration else { return .fresh }
    // The clock went backwards: their age is unknown.
    guard now >= retrieved else { return .useless }
    let (retrieved, now) = (Self.bounded(retrieved), Self.bounded(now))
    let promised = Self.bounded(expiration) - retrieved - Self.bounded(clockOffset ?? 0)
    let lifetime = promised > 0 ? promised : assumedLifetime
    let left = lifetime - (now - retrieved)
    if left < min(shortestUse, lifetime / 8) { return .useless }
    return left < min(renewalMargin, lifetime / 4) ? .due : .fresh
  }

  // Numbers come from files and services: within these bounds no sum of a few can overflow.
  private static func bounded(_ time: Int64) -> Int64 { min(max(time, -1 << 56), 1 << 56) }
}
