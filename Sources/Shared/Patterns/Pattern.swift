internal import CPCRE2

/// A pattern that can not be compiled.
package struct PatternError: Error {
  package let pattern: String
  package let offset: Int
  package let reason: String
}
