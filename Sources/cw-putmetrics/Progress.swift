/// What became of the metrics of this run, and how old what waits is.
struct Progress: Equatable {
  var delivered = 0
  var requests = 0
  var refused = 0
  /// Metrics sent once, without an answer: sent again they might count twice.
  var uncertain = 0
  /// Metrics that have waited for too long.
  var expired = 0
  /// Of what was dropped, what the status has been told of.
  var toldDropped = 0

  /// The time of the oldest metric that waits, in milliseconds since the epoch; nil: nothing waits.
  private(set) var oldest: Int64?
  // Of what came while others were under way; and the newest of those.
  private var oldestBehind: Int64?
  private var newestSent: Int64?
  private var isSending = false

  mutating func took(_ timestamp: Int64) {
    if isSending { oldestBehind = min(oldestBehind ?? timestamp, timestamp) }
    oldest = min(oldest ?? timestamp, timestamp)
  }

  mutating func beganGroup() {
    isSending = true
    (oldest, newestSent) = (nil, nil)
  }

  mutating func sends(_ timestamp: Int64) {
    oldest = min(oldest ?? timestamp, timestamp)
    newestSent = max(newestSent ?? timestamp, timestamp)
  }

  mutating func endedGroup(leavesMore: Bool) {
    isSending = false
    oldest = leavesMore ? newestSent : oldestBehind
    oldestBehind = nil
  }
}
