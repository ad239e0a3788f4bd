package import Unix

/// A pattern that cannot be compiled.
package struct PatternError: Failure {
  /// What the user calls it: an option, or a key of the configuration.
  package let name: String
  package let pattern: String
  /// Bytes of `pattern` that were read when the fault was seen.
  package let offset: Int
  /// PCRE2's own words, or ours where it has none.
  package let reason: String
  /// A configuration is at fault unless the program knows better.
  package var status: ExitStatus = .badConfiguration

  /// `--include 2 is no valid pattern: missing closing parenthesis at offset 3, behind "b(c": /ab(c/`
  package var message: String {
    let read = String(decoding: pattern.utf8.prefix(offset), as: UTF8.self).suffix(12)
    let offset = read.isEmpty ? "at its beginning" : "at offset \(offset), behind \"\(read)\""
    return "\(name) is no valid pattern: \(reason) \(offset): /\(pattern)/"
  }
}
