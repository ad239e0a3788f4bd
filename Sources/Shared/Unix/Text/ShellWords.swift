/// A command line cut into its words as Python's `shlex.split` does it, which is what AWS's tools use: the quotes and
/// backslashes of POSIX's shell, and nothing else of it.
package enum ShellWords {
  /// Nil: a quote is not closed, or nothing follows the last backslash.
  package static func split(_ text: String) -> [String]? {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    // A word may be empty where it is quoted.
    var isWord = false
    var quote: Unicode.Scalar?
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      switch scalar {
      case quote where quote != nil: quote = nil
      case "\\" where quote != "'":
        guard let next = scalars.next() else { return nil }
        // Between double quotes a backslash stands for itself but before these two.
        if quote != nil, next != "\\", next != "\"" { word.append(scalar) }
        word.append(next)
        isWord = true
      case "'" where quote == nil, "\"" where quote == nil:
        quote = scalar
        isWord = true
      case " " where quote == nil, "\t" where quote == nil, "\r" where quote == nil, "\n" where quote == nil:
        if isWord { words.append(String(word)) }
        word = String.UnicodeScalarView()
        isWord = false
      default:
        word.append(scalar)
        isWord = true
      }
    }
    if quote != nil { return nil }
    return isWord ? words + [String(word)] : words
  }
}
