internal import AWS

/// The true time as far as it is known, and how times by a wrong clock are mended.
struct EventTimes: Equatable {
  /// When this machine booted, in milliseconds since the epoch.
  var bootTime: Int64
  /// Milliseconds since the epoch.
  var now: Int64
  /// Whether the service has told the time.
  var isOfService: Bool

  /// A clock that is off by less, in milliseconds, is right: `StampClock` waits out steps of that size.
  static let tolerance: Int64 = 10_000

  /// Whether times by a clock are off.
  func isWrong(_ clock: EventClock) -> Bool { clock.isStamp && abs(bootTime &- clock.bootTime) > Self.tolerance }

  /// The time with which an event is sent, and the clock that this time is by.
  func mended(_ timestamp: Int64, _ clock: EventClock?) -> (timestamp: Int64, clock: EventClock?) {
    guard let clock else { return (timestamp, nil) }
    if isWrong(clock) {
      let time = clamped(timestamp &+ (bootTime &- clock.bootTime))
      return (isTaken(time) || !isTaken(timestamp) ? time : timestamp, EventClock(bootTime: bootTime, isStamp: true))
    }
    // The service would refuse it.
    if !clock.isStamp, isOfService, timestamp > latest { return (now, EventClock(bootTime: bootTime, isStamp: true)) }
    return (timestamp, clock)
  }

  /// A time that the service takes, for one that it has refused; nil: none is known.
  ///
  /// A time that a line tells, and that lies between boot and now by a wrong clock, was told by a program that read that clock. No
  /// event happens after it is read.
  func mended(refused timestamp: Int64, _ clock: EventClock?) -> Int64? {
    guard let clock else { return nil }
    var time = mended(timestamp, clock).timestamp
    let isOfThisBoot = timestamp >= clock.bootTime && timestamp &- clock.bootTime <= now &- bootTime
    if !clock.isStamp, time == timestamp, isOfThisBoot { time = clamped(timestamp &+ (bootTime &- clock.bootTime)) }
    return abs(time &- timestamp) > Self.tolerance && isTaken(time) ? time : nil
  }

  // Whether the service takes an event of that time.
  private func isTaken(_ time: Int64) -> Bool { time >= now - CloudWatchLogs.Limit.oldest && time <= latest }

  private var latest: Int64 { now + CloudWatchLogs.Limit.ahead }

  private func clamped(_ timestamp: Int64) -> Int64 { min(max(timestamp, 0), now) }
}
