/// Something wrong with a configuration file.
package struct Diagnostic: Equatable {
  package enum Severity {
    /// The file can be used.
    case warning
    case error
  }

  package let severity: Severity
  package let line: Int
  /// What and where in the tree of keys, lower case, no full stop, without file and line.
  package let text: String
}
