internal import ArgumentParser
internal import Unix

/// How metrics are written.
package enum Format: String, ExpressibleByArgument, CaseIterable {
  /// Records (cw-record(5)).
  case json
  /// Columns for people.
  case table

  /// A table on a terminal, records in a pipe.
  package static func suited(to descriptor: Int32 = STDOUT_FILENO) -> Format {
    Descriptor.isTerminal(descriptor) ? .table : .json
  }
}
