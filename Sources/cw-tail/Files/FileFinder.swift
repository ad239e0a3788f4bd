internal import Unix

/// Paths and globs turned into the paths that are there.
struct FileFinder {
  /// Absolute; a glob has `*`, `?` or `[`.
  let patterns: [String]

  init(_ patterns: [String], workingDirectory: String) {
    self.patterns = patterns.map { $0.hasPrefix("/") ? $0 : "\(workingDirectory)/\($0)" }
  }

  /// Whether the patterns are about this path, whether it exists or not.
  func matches(_ path: String) -> Bool { patterns.contains { Glob.matches($0, path) } }

  /// In the order of the patterns; each path once. A path that is no glob is in it whether it exists or not.
  func find() -> [String] {
    // As bytes: Swift takes two spellings of one character (\u{E9} and e\u{301}) for equal, the kernel does not.
    var seen: Set<[UInt8]> = []
    var result: [String] = []
    for pattern in patterns {
      for path in Glob.isPattern(pattern) ? Self.expand(pattern) : [pattern] where seen.insert(Array(path.utf8)).inserted {
        result.append(path)
      }
    }
    return result
  }

  // glob(7). A folder that can not be read matches nothing now, and is tried again. What matches nothing may still be the
  // name of a file: `app[1].log`, or a file in a folder of such a name.
  private static func expand(_ pattern: String) -> [String] {
    var matches = glob_t()
    defer { globfree(&matches) }
    guard glob(pattern, 0, nil, &matches) == 0, let paths = matches.gl_pathv else {
      return access(pattern, F_OK) == 0 ? [pattern] : []
    }
    // Rotated files that are compressed belong to the log that they come from.
    return (0..<Int(matches.gl_pathc)).compactMap { index in paths[index].map { String(cString: $0) } }
      .filter { CompressedContent.suffix(of: $0) == nil }
  }
}
