internal import Config
internal import Unix

/// Which stream a source's events go to: the base name of the file, as ever; the whole path where base names would meet.
///
/// It depends on the configuration alone, never on what is found first, so that a stream keeps its name for ever.
struct StreamNaming {
  private let patterns: [(folder: Substring, base: String)]

  /// - Parameter filePaths: the paths and globs that are followed; empty where they are not known.
  init(filePaths: [String]) {
    patterns = filePaths.map { path in
      let base = Self.baseName(path)
      return (path.dropLast(base.count), base)
    }
  }

  func streamName(of source: String) -> String {
    // A selection of the journal, whose text may have slashes in it.
    if source.hasPrefix("journal:") { return Destination.streamName(source) }
    let base = Self.baseName(source)
    let folders = Set(patterns.lazy.filter { fnmatch($0.base, base, 0) == 0 }.map(\.folder))
    let isAmbiguous = folders.count > 1 || folders.contains { $0.contains { "*?[".contains($0) } }
    return Destination.streamName(isAmbiguous || base.isEmpty ? source : base)
  }

  private static func baseName(_ path: String) -> String {
    String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
  }
}
