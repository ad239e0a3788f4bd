/// How far this machine's clock is from the service's, learnt from the answers' `Date` headers: a Raspberry Pi has no
/// battery for its clock, and a signature five minutes off is refused.
struct ServiceClock {
  /// Milliseconds to add to this machine's clock.
  private(set) var offset: Int64 = 0

  // A header has whole seconds and is as old as the way back: less is noise.
  private static let noise: Int64 = 30_000
  // An answer that took longer says nothing about now.
  private static let longestExchange: Int64 = 15 * 60_000

  /// - Parameters:
  ///   - date: the answer's `Date`, in milliseconds since the epoch.
  ///   - sent: this machine's clock when the request went out.
  ///   - received: and when the answer came.
  mutating func learn(date: Int64, sent: Int64, received: Int64) {
    guard received >= sent, received - sent <= Self.longestExchange else { return }
    let difference = date - (sent + (received - sent) / 2)
    offset = abs(difference) > Self.noise ? difference : 0
  }
}
