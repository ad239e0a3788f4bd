internal import AWS
internal import Config

/// One stream's events on their way: batches that fill, full ones that wait, and at most one request under way, so that
/// of one day the order of the source is the order of arrival.
final class LogStream {
  let destination: Destination
  /// The batches that are being filled, one for each day of which there are events; and since when (monotonic nanoseconds).
  var open: [EventBatch] = []
  var openSince: Int64 = 0
  /// Whether the last batches were sent because they were full.
  var fillsBatches = false
  var waiting: [EventBatch] = []
  var underWay: EventBatch?
  /// How often the stream was made since the last success.
  var creations = 0
  /// How often a request was made anew since the last success, because its time was wrong.
  var corrections = 0
  /// Since when every attempt has failed (monotonic nanoseconds).
  var failingSince: Int64?
  /// How many attempts have failed since requests of other streams succeeded.
  var failuresWhileOthersSucceed = 0
  /// Not nil while the service takes nothing for this stream.
  var blockage: Blockage?

  /// Why a stream takes nothing, and what is done about it. What comes for it is left out: it comes again after a restart
  /// from positions that have not moved, or is counted as refused if it cannot be read again.
  struct Blockage {
    /// Nil: its request under way fails and is repeated, or it has so many that they take too long.
    var refusal: AWSError?
    /// When it is tried again, or what was left out may come again (monotonic nanoseconds).
    var until: Int64
    /// The batches that it is tried again with, in order.
    var probes: [EventBatch] = []
    /// Whether events were left out that a restart brings again.
    var hasLeftOut = false
  }

  init(_ destination: Destination) { self.destination = destination }

  /// All batches but the probes.
  var batches: [EventBatch] { [underWay].compactMap { $0 } + waiting + open }
  var isIdle: Bool { open.isEmpty && waiting.isEmpty && underWay == nil }
  /// Events that have not ended.
  var count: Int { (batches + (blockage?.probes ?? [])).reduce(0) { $0 + $1.count } }
}
