/// Finds the key that was meant by one that is not known.
package enum NearestKey {
  /// - Parameters:
  ///   - path: dotted, from the root.
  ///   - known: the same.
  /// - Returns: the sibling that takes the fewest slips of the finger, or a key of exactly this name that belongs elsewhere;
  ///   nil if nothing is close.
  package static func find(_ path: String, in known: some Collection<String>) -> String? {
    let (parent, name) = split(path)
    let most = max(1, min(3, name.utf8.count / 3))
    let siblings = known.map { (key: $0, parts: split($0)) }.filter {
      $0.parts.parent == parent && abs($0.parts.name.utf8.count - name.utf8.count) <= most
    }
    let slips = siblings.map { (key: $0.key, distance: distance(name, $0.parts.name)) }
    // The key breaks ties, so that the answer does not depend on the order of a set.
    if let best = slips.min(by: { ($0.distance, $0.key) < ($1.distance, $1.key) }), best.distance <= most {
      return best.key
    }
    // The same section first, else the least deep.
    let section = path.prefix { $0 != "." }
    func depth(_ key: String) -> Int { key.prefix { $0 != "." } == section ? 0 : key.split(separator: ".").count }
    return known.filter { split($0).name == name }.min { (depth($0), $0) < (depth($1), $1) }
  }

  /// How many insertions, deletions, replacements and swaps of neighbours make one word the other, upper and lower case
  /// being the same (Damerau-Levenshtein, optimal string alignment).
  static func distance(_ a: some StringProtocol, _ b: some StringProtocol) -> Int {
    let a = Array(a.lowercased().utf8)
    let b = Array(b.lowercased().utf8)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }

  private static func split(_ path: String) -> (parent: Substring, name: Substring) {
    guard let dot = path.lastIndex(of: ".") else { return ("", path[...]) }
    return (path[..<dot], path[path.index(after: dot)...])
  }
}
