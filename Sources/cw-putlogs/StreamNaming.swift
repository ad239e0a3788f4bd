internal import Config
internal import Unix

/// Which stream a source's events go to: the base name of the file, as ever; the whole path where base names would meet.
///
/// It depends on the configuration alone, never on what is found first, so that a stream keeps its name for ever.
struct StreamNaming {
  private let patterns: [(path: String, base: String, hasVariableFolder: Bool)]

  /// - Parameter filePaths: the paths and globs that are followed; empty where they are not known.
  init(filePaths: [String]) {
    patterns = filePaths.map { path in
      let base = Self.baseName(path)
      return (path, base, path.dropLast(base.count).contains { "*?[".contains($0) })
    }
  }

  func streamName(of source: String) -> String {
    let base = Self.baseName(source)
    let alike = patterns.filter { fnmatch($0.base, base, 0) == 0 }
    let isAmbiguous = alike.count > 1 || alike.contains { $0.hasVariableFolder }
    return Destination.streamName(isAmbiguous || base.isEmpty ? source : base)
  }

  private static func baseName(_ path: String) -> String {
    String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
  }
}
