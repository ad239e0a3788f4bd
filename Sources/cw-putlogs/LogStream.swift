internal import AWS

/// One stream's events on their way: a batch that fills, full ones that wait, and at most one request under way, so that
/// the order of the source is the order of arrival.
final class LogStream {
  let destination: Destination
  /// The batch that is being filled, and since when (monotonic nanoseconds).
  var open: (batch: EventBatch, since: Int64)?
  var waiting: [EventBatch] = []
  var underWay: EventBatch?
  /// How often it was made since the last success.
  var creations = 0
  /// The service does not let us write here: what comes until then (monotonic nanoseconds) is counted, not kept.
  var refusal: (error: CallError, until: Int64)?

  init(_ destination: Destination) { self.destination = destination }

  var isIdle: Bool { open == nil && waiting.isEmpty && underWay == nil }
}
