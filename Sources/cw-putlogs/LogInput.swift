internal import Unix

/// Knows what a line of standard input means, and hands its event to the shipper.
protocol LogInput: AnyObject {
  /// The longest line that is read whole.
  var maximumLineLength: Int { get }
  /// Whether all events go to one stream, so that nothing is left to do if it is refused.
  var hasOneStream: Bool { get }
  /// Takes a line. `now` is monotonic, in nanoseconds; `realtime` in milliseconds since the epoch.
  func take(_ line: LineReader.Line, now: Int64, realtime: Int64)
  /// Why the input was not whole, once it has ended.
  func problemAtEnd() -> CommandError?
}
