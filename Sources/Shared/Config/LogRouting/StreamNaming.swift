internal import Unix

/// Which stream a source's events go to: the base name of the file, as ever; the whole path where that name could be another's.
///
/// It depends on the configuration alone, never on what is found first, so that a stream keeps its name for ever.
struct StreamNaming {
  private struct PathPattern {
    let path: String
    let folder: Substring
    let base: String
  }

  private let patterns: [PathPattern]
  private let journals: Set<String>

  /// - Parameters:
  ///   - filePaths: the paths and globs that are followed, from the root on; empty where they are not known.
  ///   - journals: the sources of the selections of the journal.
  init(filePaths: [String], journals: [String] = []) {
    patterns = filePaths.map { path in
      let base = Self.baseName(path)
      return PathPattern(path: path, folder: path.dropLast(base.count), base: base)
    }
    self.journals = Set(journals.map(NameRules.streamName))
  }

  func streamName(of source: String) -> String {
    if Self.isJournal(source) { return NameRules.streamName(source) }
    let base = Self.baseName(source)
    let name = NameRules.streamName(base)
    if base.isEmpty || isAmbiguous(base) || journals.contains(name) { return wholeName(of: source) }
    // `app:1.log` would be `app_1.log`.
    let isItsOwn = patterns.isEmpty || base.unicodeScalars.allSatisfy(NameRules.isValidInStream) || isAlone(base, name, \.base)
    return isItsOwn ? name : wholeName(of: source)
  }

  /// The longer name of the same source.
  func wholeName(of source: String) -> String {
    let name = NameRules.streamName(source)
    if Self.isJournal(source) || patterns.isEmpty || isAlone(source, name, \.path) { return name }
    return NameRules.streamName(escaped(source))
  }

  /// A path in which nothing is lost by what a stream's name does not take: `%3A` for a colon, as in a URL; and `%25` for a percent
  /// sign that would look like the beginning of one of these.
  func escaped(_ path: String) -> String {
    var result = ""
    var rest = path.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if NameRules.isValidInStream(scalar), scalar != "%" || !Self.beginsWithEscaped(rest) {
        result.unicodeScalars.append(scalar)
      } else {
        for byte in String(scalar).utf8 { result += "%" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true) }
      }
    }
    return result
  }

  private static func beginsWithEscaped(_ rest: Substring.UnicodeScalarView.SubSequence) -> Bool {
    guard let byte = UInt8(String(rest.prefix(2)), radix: 16) else { return false }
    return byte >= 0x80 || byte == 0x25 || !NameRules.isValidInStream(Unicode.Scalar(byte))
  }

  private func isAmbiguous(_ base: String) -> Bool {
    let folders = Set(patterns.lazy.filter { fnmatch($0.base, base, 0) == 0 }.map(\.folder))
    return folders.count > 1 || folders.contains { Glob.isPattern(String($0)) }
  }

  /// Whether a text or the name that it gets is found by no glob, and no other source has it.
  private func isAlone(_ text: String, _ name: String, _ part: (PathPattern) -> String) -> Bool {
    patterns.allSatisfy {
      let pattern = part($0)
      return pattern.utf8.elementsEqual(text.utf8) || fnmatch(pattern, text, 0) != 0 && fnmatch(pattern, name, 0) != 0
    }
  }

  // A selection's text may have slashes in it.
  private static func isJournal(_ source: String) -> Bool { source == "journal" || source.hasPrefix("journal:") }

  private static func baseName(_ path: String) -> String {
    String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
  }
}
