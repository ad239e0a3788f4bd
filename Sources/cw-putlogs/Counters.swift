/// What became of the events, for the last line and the exit status.
struct Counters: Equatable {
  var delivered = 0
  var requests = 0
  /// By the service, for good.
  var refused = 0
  /// Lines that were no records.
  var invalid = 0
  /// Parts that one event was cut into are events of their own.
  var split = 0

  var hasRefusals: Bool { refused + invalid > 0 }
}
