/// Patterns for paths, glob(7): what they are and what they match.
package enum Glob {
  /// Whether a text has a character that is special in a pattern.
  package static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

  /// As glob(3) finds it: a star stops at a slash, and does not begin with a dot. A pattern matches itself, too, which may be the name
  /// of a file: `app[1].log`. Bytes count, where Swift takes two spellings of one character for equal.
  package static func matches(_ pattern: String, _ path: String) -> Bool {
    pattern.utf8.elementsEqual(path.utf8) || isPattern(pattern) && fnmatch(pattern, path, FNM_PATHNAME | FNM_PERIOD) == 0
  }
}
