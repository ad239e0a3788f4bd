internal import Unix

/// How far this machine's clock is from the service's, learnt from the `Date` headers of responses: a Raspberry Pi has no battery for its
/// clock, and a signature five minutes off is refused.
///
/// The service's time at this machine's boot is kept, which stays right when this machine's clock is set.
struct ServiceClock {
  /// When this machine booted by the service's clock, in milliseconds since the epoch; nil: no response has told.
  private(set) var bootTime: Int64?

  // A header has whole seconds and is as old as its way back: smaller differences are noise.
  private static let noise: Int64 = 30_000
  // A response that took longer says nothing about the present.
  private static let longestExchange: Int64 = 15 * 60_000

  /// Milliseconds to add to this machine's clock at `now` to get the service's time; 0 if nothing is known, or the difference is noise.
  func offset(at now: Clock.Reading) -> Int64 {
    guard let bootTime else { return 0 }
    let offset = bootTime &- now.bootTime
    return abs(offset) > Self.noise ? offset : 0
  }

  /// - Parameters:
  ///   - date: the response's `Date`, in milliseconds since the epoch.
  ///   - sent: when the request went out, in milliseconds since the machine's boot.
  ///   - received: when the response came, in milliseconds since the machine's boot.
  mutating func learn(date: Int64, sent: Int64, received: Int64) {
    guard received >= sent, received - sent <= Self.longestExchange else { return }
    // The service wrote the header between the two moments, and within a second after the one that it tells. What is known and possible
    // stays, so that times which are made with it keep their order; it is the truer the more answers have told.
    let earliest = date - received
    let latest = date - sent + 999
    bootTime = bootTime.map { min(max($0, earliest), latest) } ?? date - (sent + (received - sent) / 2)
  }
}
