/// Whether and when a request is tried again: a value that the one loop in `RetryingClient` consults.
///
/// The pause before a further attempt doubles from a fifth of a second (a second where the service throttles) up to a
/// minute, and is drawn from its upper half, so that many machines do not come back at once:
///
///     failed attempts        1      2      3      4      5      6      7      8      9+
///     longest pause, s       0.2    0.4    0.8    1.6    3.2    6.4   12.8   25.6   51.2 … 60
///     throttled, s           1      2      4      8     16     32     60     60     60
///
/// A longer wait that the service asks for is honoured up to that minute.
package struct RetryPolicy: Equatable {
  /// Attempts in all; nil: for as long as the program lives.
  package var maximumAttempts: Int?
  /// Whether a request is sent again that may have been carried out. Log events are (a duplicate is better than a gap);
  /// metrics are not, since they would count twice.
  package var repeatsUncertain: Bool

  /// - Parameter maximumAttempts: nil: no limit.
  package init(maximumAttempts: Int?, repeatsUncertain: Bool) {
    self.maximumAttempts = maximumAttempts
    self.repeatsUncertain = repeatsUncertain
  }

  private static let longestPause = 60_000.0

  /// Milliseconds to wait after `attempts` attempts, the last of which ended with `error`; nil: give up.
  /// - Parameter random: in 0..<1.
  package func pause(afterAttempts attempts: Int, _ error: AWSError, random: Double) -> Int64? {
    guard error.isTransient, repeatsUncertain || !error.mayHaveBeenAccepted else { return nil }
    if let maximumAttempts, attempts >= maximumAttempts { return nil }
    let base = error.kind == .throttled ? 1000.0 : 200.0
    var longest = base
    for _ in 1..<max(min(attempts, 20), 1) { longest *= 2 }
    longest = min(longest, Self.longestPause)
    let pause = longest * (0.5 + random / 2)
    return Int64(max(pause, min(Double(error.retryAfter ?? 0), Self.longestPause)))
  }
}
