internal import Unix

/// Expands paths and globs to the paths that exist.
///
/// Beyond glob(7) a pattern may have `{a,b}`, a leading `~` or `$HOME`, and `**` for any number of folders, as in the CloudWatch agent.
struct FileFinder {
  /// Absolute; a glob has `*`, `?` or `[`. Without braces.
  let patterns: [String]
  private let globs: [String]
  private let plain: Set<[UInt8]>

  /// More alternatives in braces are a mistake, or an attack.
  private static let maximumAlternatives = 1000

  init(_ patterns: [String], workingDirectory: String, home: String? = nil) {
    self.init(
      whole: patterns.flatMap { pattern in
        Self.alternatives(of: Self.trimmed(pattern)).map { pattern in
          let path = Self.withHome(pattern, home)
          return path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
        }
      })
  }

  /// - Parameter patterns: as `patterns` holds them.
  init(whole patterns: [String]) {
    self.patterns = patterns
    globs = patterns.filter(Glob.isPattern)
    plain = Set(patterns.lazy.filter { !Glob.isPattern($0) }.map { Array($0.utf8) })
  }

  // Blanks after a path are a mistake, and name no file.
  private static func trimmed(_ pattern: String) -> String {
    var text = pattern[...]
    while let last = text.last, last == " " || last == "\t" || last == "\n" { text = text.dropLast() }
    return String(text)
  }

  private static func withHome(_ pattern: String, _ home: String?) -> String {
    guard let home, !home.isEmpty else { return pattern }
    for mark in ["~", "$HOME", "${HOME}"] where pattern == mark || pattern.hasPrefix("\(mark)/") {
      return home + pattern.dropFirst(mark.count)
    }
    return pattern
  }

  // `a{b,c}d` is `abd` and `acd`. Braces without a comma, or unclosed, stand for themselves.
  private static func alternatives(of pattern: String) -> [String] {
    var results: [String] = []
    var waiting = [pattern]
    while let text = waiting.popLast() {
      guard results.count + waiting.count < maximumAlternatives, let (before, choices, after) = firstBraces(text) else {
        results.append(text)
        continue
      }
      waiting += choices.reversed().map { "\(before)\($0)\(after)" }
    }
    return results
  }

  private static func firstBraces(_ text: String) -> (before: Substring, choices: [Substring], after: Substring)? {
    var from = text.startIndex
    while let open = text[from...].firstIndex(of: "{") {
      var (depth, start) = (0, text.index(after: open))
      var choices: [Substring] = []
      var index = start
      while index < text.endIndex {
        switch text[index] {
        case "{": depth += 1
        case "}" where depth == 0:
          choices.append(text[start..<index])
          if choices.count > 1 { return (text[..<open], choices, text[text.index(after: index)...]) }
          index = text.index(before: text.endIndex)
        case "}": depth -= 1
        case "," where depth == 0:
          choices.append(text[start..<index])
          start = text.index(after: index)
        default: break
        }
        index = text.index(after: index)
      }
      from = text.index(after: open)
    }
    return nil
  }

  /// Whether any pattern matches this path, whether it exists or not.
  func matches(_ path: String) -> Bool { plain.contains(Array(path.utf8)) || globs.contains { Self.matches($0, path) } }

  /// The patterns that match this path.
  func patterns(about path: String) -> [String] {
    globs.filter { Self.matches($0, path) } + (plain.contains(Array(path.utf8)) ? [path] : [])
  }

  /// Whether a pattern, which may have `**`, matches a path.
  static func matches(_ pattern: String, _ path: String) -> Bool {
    if pattern == path { return true }
    guard pattern.contains("**") else { return Glob.matches(pattern, path) }
    return matches(parts(of: pattern)[...], path.split(separator: "/", omittingEmptySubsequences: true)[...])
  }

  private static func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<Substring>) -> Bool {
    guard let part = pattern.first else { return path.isEmpty }
    if part == "**" { return (0...path.count).contains { matches(pattern.dropFirst(), path.dropFirst($0)) } }
    guard let name = path.first, Glob.matches(part, String(name)) else { return false }
    return matches(pattern.dropFirst(), path.dropFirst())
  }

  // The components of `/var/log/**.log` are `var`, `log`, `**` and `*.log`.
  private static func parts(of pattern: String) -> [String] {
    pattern.split(separator: "/", omittingEmptySubsequences: true).flatMap { part in
      part == "**" || !part.hasPrefix("**") ? [String(part)] : ["**", String(part.dropFirst())]
    }
  }

  /// The paths in the order of the patterns, each once. A pattern that is no glob is among them whether it exists or not.
  func find(_ listings: FolderListings = FolderListings()) -> [String] {
    // As bytes: in Swift two encodings of one character (\u{E9} and e\u{301}) are equal, for the kernel they are not.
    var seen: Set<[UInt8]> = []
    var result: [String] = []
    for pattern in patterns {
      guard Glob.isPattern(pattern) else {
        if seen.insert(Array(pattern.utf8)).inserted { result.append(pattern) }
        continue
      }
      var found: [String] = []
      Self.walk("/", Self.parts(of: pattern)[...], listings, depth: 0, into: &found)
      // A glob that matches nothing may be a plain path: `app[1].log`, or a file in a folder with such a name.
      if found.isEmpty, FileStatus.of(pattern) != nil { found = [pattern] }
      for path in found where seen.insert(Array(path.utf8)).inserted { result.append(path) }
    }
    return result
  }

  /// A deeper nesting is a loop of mounts.
  private static let maximumDepth = 32

  // A folder that cannot be read matches nothing; the next scan tries again.
  private static func walk(
    _ folder: String, _ parts: ArraySlice<String>, _ listings: FolderListings, depth: Int, into found: inout [String]
  ) {
    guard let part = parts.first, depth < maximumDepth else { return }
    let rest = parts.dropFirst()
    if part == "**" {
      walk(folder, rest, listings, depth: depth, into: &found)
      // Links are not followed: they may form a loop.
      for inner in listings.folders(in: folder) { walk(inner, parts, listings, depth: depth + 1, into: &found) }
    } else if !Glob.isPattern(part) {
      if !rest.isEmpty { return walk("\(folder)\(part)/", rest, listings, depth: depth + 1, into: &found) }
      // The folder is listed so that a later change of it causes another scan.
      _ = listings.listing(of: folder)
      if FileStatus.ofLink(folder + part) != nil { found.append(folder + part) }
    } else {
      for entry in listings.listing(of: folder).entries where Glob.matches(part, entry.name) {
        let path = folder + FileName.text(entry.name)
        if rest.isEmpty {
          found.append(path)
        } else if entry.isFolder || entry.isLink {
          walk("\(path)/", rest, listings, depth: depth + 1, into: &found)
        }
      }
    }
  }
}

extension Glob {
  /// Whether a pattern matches a name that need not be UTF-8.
  static func matches(_ pattern: String, _ name: [UInt8]) -> Bool {
    FileName.bytes(pattern).withUnsafeTerminated { pattern in
      name.withUnsafeTerminated { fnmatch(pattern, $0, FNM_PATHNAME | FNM_PERIOD) == 0 }
    }
  }
}

extension [UInt8] {
  fileprivate func withUnsafeTerminated<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map(body) ?? "".withCString(body)
    }
  }
}
