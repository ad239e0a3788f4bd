internal import ArgumentParser

/// How samples are written.
enum Format: String, ExpressibleByArgument, CaseIterable {
  /// Records (cw-record(5)).
  case json
  /// Columns for people.
  case table
}
