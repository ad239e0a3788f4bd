/// When credentials are renewed, and when they are of no more use: a value, asked by whoever holds some.
package struct RenewalPolicy: Equatable {
  /// Milliseconds before a failed renewal is tried again.
  package static let pauseAfterFailure: Int64 = 60_000

  package init() {}

  package func isUsable(_ credentials: AWSCredentials, now: Int64) -> Bool {
    credentials.expiration.map { $0 - now >= 10_000 } ?? true
  }

  package func wantsRenewal(_ credentials: AWSCredentials, now: Int64) -> Bool {
    credentials.expiration.map { $0 - now < 600_000 } ?? false
  }
}
