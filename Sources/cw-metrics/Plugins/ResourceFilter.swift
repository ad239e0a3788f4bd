internal import Unix

/// Which devices are measured: those whose names are in `resources` or match a glob there.
struct ResourceFilter {
  /// Nil: no list, or one with `*`: all.
  private let patterns: [String]?

  init(_ resources: [String]?) {
    patterns = resources.flatMap { $0.contains("*") ? nil : $0 }
  }

  /// Whether devices are named, so that one that is usually left out is wanted.
  var isNamed: Bool { patterns != nil }

  func contains(_ name: UnsafeRawBufferPointer) -> Bool {
    guard let patterns else { return true }
    let text = name.text
    return patterns.contains { $0 == text || fnmatch($0, text, 0) == 0 }
  }
}
