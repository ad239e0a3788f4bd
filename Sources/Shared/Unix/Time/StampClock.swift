/// The wall clock, as it stamps events without a timestamp of their own.
///
/// It follows a clock that is set back, since CloudWatch refuses events that are stamped ahead of the true time. Only a small step, such as
/// time servers make, is waited out, so that it does not turn the order of lines around.
package struct StampClock {
  /// Milliseconds.
  package static let longestWait: Int64 = 10_000

  private var last = Int64.min

  /// A clock that has stamped no event yet.
  package init() {}

  /// The reading of a moment, as events of that moment are stamped by it.
  package mutating func stamp(_ now: Clock.Reading) -> Clock.Reading {
    let isSmallStep = now.realtime < last && last - now.realtime <= Self.longestWait
    if !isSmallStep { last = now.realtime }
    return Clock.Reading(realtime: last, sinceBoot: now.sinceBoot)
  }
}
