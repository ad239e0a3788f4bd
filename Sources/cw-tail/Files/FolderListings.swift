internal import Unix

/// What lies in folders, listed once for many questions: a folder with thousands of logs is asked about each of them.
///
/// A listing holds as long as the folder was not changed since, which its own time of change tells.
final class FolderListings {
  private struct Listing {
    let change: FileChange
    /// In the order of their bytes.
    let names: [[UInt8]]
    let byInode: [UInt64: [Int]]
  }

  private var listings: [String: Listing] = [:]

  /// File systems count in ticks of up to 10 ms: a folder may change twice within one. (Some in seconds: those are listed anew each
  /// time in that second.)
  private static let tick: Int64 = 20

  /// Forgets all, to have the memory back.
  func removeAll() { listings.removeAll() }

  /// Names in `folder`, which ends with a slash, that begin with `prefix`.
  func names(in folder: String, beginningWith prefix: Substring) -> [String] {
    let listing = listing(of: folder)
    let prefix = Array(prefix.utf8)
    var (low, high) = (0, listing.names.count)
    while low < high {
      let middle = (low + high) / 2
      if listing.names[middle].lexicographicallyPrecedes(prefix) { low = middle + 1 } else { high = middle }
    }
    return listing.names[low...].prefix { $0.starts(with: prefix) }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Names in `folder` of files with this inode, as far as the folder itself tells.
  func names(in folder: String, inode: UInt64) -> [String] {
    let listing = listing(of: folder)
    return listing.byInode[inode, default: []].map { String(decoding: listing.names[$0], as: UTF8.self) }
  }

  private func listing(of folder: String) -> Listing {
    var status = stat()
    let change = stat(folder, &status) == 0 ? FileChange(status) : nil
    if let known = listings[folder], known.change == change { return known }
    let entries = Self.entries(of: folder).sorted { $0.name.lexicographicallyPrecedes($1.name) }
    var byInode: [UInt64: [Int]] = [:]
    for (index, entry) in entries.enumerated() { byInode[entry.inode, default: []].append(index) }
    let listing = Listing(change: change ?? FileChange(stat()), names: entries.map(\.name), byInode: byInode)
    let isSettled = change.map { abs(Clock.realtimeMilliseconds() - $0.milliseconds) > Self.tick } ?? false
    listings[folder] = isSettled ? listing : nil
    return listing
  }

  private static func entries(of folder: String) -> [(name: [UInt8], inode: UInt64)] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var entries: [(name: [UInt8], inode: UInt64)] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) { text in
          Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
      }
      guard name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] else { continue }
      entries.append((name, UInt64(truncatingIfNeeded: entry.pointee.d_ino)))
    }
    return entries
  }
}
