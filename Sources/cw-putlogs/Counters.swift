/// What became of the events, for the last line and the exit status.
struct Counters: Equatable {
  var delivered = 0
  var requests = 0
  /// Events that the service has refused for good.
  var refused = 0
  /// Lines that were no records.
  var invalid = 0
  /// Events that were too long and were cut; each part is an event of its own.
  var split = 0

  var hasRefusals: Bool { refused + invalid > 0 }
}
