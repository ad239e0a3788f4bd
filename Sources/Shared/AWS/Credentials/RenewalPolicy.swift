/// When credentials are renewed, when they are of no more use, and when another attempt is made after one that failed: a value, asked
/// by whoever holds some. All times in milliseconds.
package struct RenewalPolicy: Equatable {
  package enum State: Equatable {
    case fresh
    /// They are good, and others should be fetched.
    case due
    case useless
  }

  /// Renewal begins when less than this remains, or a quarter of the lifetime if that is shorter: room for an outage.
  var renewalMargin: Int64 = 15 * 60_000
  /// With less than this, or than an eighth of the lifetime if that is shorter, a request may arrive too late.
  var shortestUse: Int64 = 60_000
  /// What credentials live at least that seem to have ended when they were minted, which says only that this machine's clock is
  /// wrong: STS gives none for less ("AssumeRole": 900 seconds).
  var assumedLifetime: Int64 = 15 * 60_000
  /// The first pause after a refusal.
  package var firstPause = Self.pauseAfterFailure
  /// Cognito locks a user out for at most so long after wrong passwords.
  var longestPause: Int64 = 15 * 60_000

  /// Milliseconds before a failed renewal is tried again.
  package static let pauseAfterFailure: Int64 = 60_000

  package init() {}

  /// Milliseconds before a fetch is tried again by a process that has no credentials at all: 2, 4, 8, … seconds, at most a minute. Each
  /// is a sign-in of a few attempts already.
  package static func pause(afterFailures failures: Int) -> Int64 { min(1000 << Int64(min(max(failures, 0), 6)), pauseAfterFailure) }

  /// - Parameters:
  ///   - retrieved: by this machine's clock.
  ///   - expiration: by the service's clock.
  ///   - clockOffset: what is to be added to this machine's clock to have the service's; nil: not known.
  package func state(retrieved: Int64, expiration: Int64?, clockOffset: Int64?, now: Int64) -> State {
    guard let expiration else { return .fresh }
    // The clock went backwards: how old they are nobody knows.
    guard now >= retrieved else { return .useless }
    let (retrieved, now) = (Self.bounded(retrieved), Self.bounded(now))
    let promised = Self.bounded(expiration) - retrieved - Self.bounded(clockOffset ?? 0)
    let lifetime = promised > 0 ? promised : assumedLifetime
    let left = lifetime - (now - retrieved)
    if left < min(shortestUse, lifetime / 8) { return .useless }
    return left < min(renewalMargin, lifetime / 4) ? .due : .fresh
  }

  // So far from the ends of Int64 that no sum of a few can overflow; numbers come from files and services.
  private static func bounded(_ time: Int64) -> Int64 { min(max(time, -1 << 56), 1 << 56) }
}
