internal import Unix

/// A cache of folder listings: a folder with thousands of logs is searched once for each of them.
///
/// A listing is valid as long as the ctime of its folder does not change.
final class FolderListings {
  struct Entry {
    let name: [UInt8]
    let inode: UInt64
    /// By the type in the folder entry; a link to a folder is not one.
    let isFolder: Bool
    let isLink: Bool
  }

  final class Listing {
    /// Sorted by the bytes of the names.
    let entries: [Entry]
    private let change: Change?
    private let isSettled: Bool
    private(set) lazy var byInode: [UInt64: [Int]] = {
      var byInode: [UInt64: [Int]] = [:]
      for (index, entry) in entries.enumerated() { byInode[entry.inode, default: []].append(index) }
      return byInode
    }()
    /// Indices of `entries`, sorted by the bytes of the names read backwards.
    private(set) lazy var byEnding = entries.indices.sorted {
      entries[$0].name.reversed().lexicographicallyPrecedes(entries[$1].name.reversed())
    }
    private(set) lazy var folders = entries.filter { $0.isFolder && !$0.name.starts(with: [UInt8(ascii: ".")]) }
    /// Differs between two listings of a folder if it has changed in between.
    let number: Int

    fileprivate init(_ entries: [Entry], change: Change?, isSettled: Bool, number: Int) {
      (self.entries, self.change, self.isSettled, self.number) = (entries, change, isSettled, number)
    }

    /// Whether the listing is valid if its folder is in this state.
    fileprivate func holds(_ now: Change?) -> Bool { change == now && (isSettled || change == nil) }
  }

  /// Differs if a folder has changed, or is another one.
  fileprivate struct Change: Equatable {
    private let identity: FileIdentity
    let time: FileChange

    /// Nil if the folder does not exist or is not accessible.
    init?(of folder: String) {
      guard let status = FileStatus.of(folder) else { return nil }
      (identity, time) = (FileIdentity(status), FileChange(ofInode: status))
    }
  }

  private var listings: [String: Listing] = [:]
  /// The listings that were asked for since `beginScan`, each as it was at first.
  private var used: [String: Listing] = [:]
  /// Folders whose listing was validated since `refresh`.
  private var validated: Set<String> = []
  private var count = 0

  /// Milliseconds. The ctime has a granularity of up to 10 ms, in which a folder may change twice, so a listing of a folder that has just
  /// changed is not reused. (File systems with a granularity of a second are not covered for longer than this.)
  private static let tick: Int64 = 20

  /// The listings that were asked for since `beginScan`, each as it was at first: what came later was not seen by all of the scan.
  var all: [String: Listing] { used }

  /// Begins a scan: drops the folders that the scan before did not ask for.
  func beginScan() {
    listings = listings.filter { used[$0.key] != nil }
    used.removeAll(keepingCapacity: true)
    refresh()
  }

  /// Validates each listing again before it is reused.
  func refresh() { validated.removeAll(keepingCapacity: true) }

  /// The names in `folder`, which ends with a slash, with this prefix and suffix. Either is found by binary search; the rarer one is used.
  func names(in folder: String, beginningWith beginning: String = "", endingWith ending: String = "") -> [String] {
    let (listing, beginning, ending) = (listing(of: folder), FileName.bytes(beginning), FileName.bytes(ending))
    let entries = listing.entries
    let first = Self.range(of: beginning, in: entries.count) { entries[$0].name }
    var last: Range<Int>?
    if !ending.isEmpty, first.count > 1 {
      last = Self.range(of: ending.reversed(), in: entries.count) { entries[listing.byEnding[$0]].name.reversed() }
    }
    let found = if let last, last.count < first.count { last.map { listing.byEnding[$0] } } else { Array(first) }
    return found.lazy.map { entries[$0].name }.filter { $0.starts(with: beginning) && $0.suffix(ending.count).elementsEqual(ending) }.map(
      FileName.text)
  }

  // The range of the sorted names with this prefix.
  private static func range<Name: Collection>(of beginning: Name, in count: Int, _ name: (Int) -> Name) -> Range<Int>
  where Name.Element == UInt8 {
    guard !beginning.isEmpty else { return 0..<count }
    func first(_ isBefore: (Name) -> Bool) -> Int {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if isBefore(name(middle)) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let start = first { $0.lexicographicallyPrecedes(beginning) }
    return start..<first { $0.lexicographicallyPrecedes(beginning) || $0.starts(with: beginning) }
  }

  /// The names in `folder` with this inode in the folder entry.
  func names(in folder: String, inode: UInt64) -> [String] {
    let listing = listing(of: folder)
    return listing.byInode[inode, default: []].map { FileName.text(listing.entries[$0].name) }
  }

  /// The paths of the folders in `folder`, each with a slash at its end, without hidden ones.
  func folders(in folder: String) -> [String] { listing(of: folder).folders.map { "\(folder)\(FileName.text($0.name))/" } }

  /// Whether this path is a link, by its folder entry.
  func isLink(_ path: String) -> Bool {
    let (folder, name) = RotatedFiles.split(path)
    let (entries, bytes) = (listing(of: folder).entries, FileName.bytes(name))
    let index = Self.range(of: bytes, in: entries.count) { entries[$0].name }.first
    return index.map { entries[$0].name == bytes && entries[$0].isLink } ?? false
  }

  /// Whether these listings are still valid.
  static func hold(_ folders: [String: Listing]) -> Bool { folders.allSatisfy { $0.value.holds(Change(of: $0.key)) } }

  /// The entries of a folder; none if it cannot be read.
  /// - Parameter folder: ends with a slash.
  func listing(of folder: String) -> Listing {
    if let known = listings[folder], validated.contains(folder) { return known }
    validated.insert(folder)
    let listing = current(folder)
    listings[folder] = listing
    if used[folder] == nil { used[folder] = listing }
    return listing
  }

  private func current(_ folder: String) -> Listing {
    let change = Change(of: folder)
    if let known = listings[folder], known.holds(change) { return known }
    let entries = Self.entries(of: folder).sorted { $0.name.lexicographicallyPrecedes($1.name) }
    let isSettled = change.map { abs(Clock.realtimeMilliseconds() - $0.time.milliseconds) > Self.tick } ?? false
    count += 1
    return Listing(entries, change: change, isSettled: isSettled, number: count)
  }

  private static func entries(of folder: String) -> [Entry] {
    guard let directory = FileName.withBytes(folder, { opendir($0) }) else { return [] }
    defer { closedir(directory) }
    var entries: [Entry] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) { text in
          Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
      }
      guard name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] else { continue }
      let type = Int32(entry.pointee.d_type)
      var (isFolder, isLink) = (type == Int32(DT_DIR), type == Int32(DT_LNK))
      if type == Int32(DT_UNKNOWN), let status = FileStatus.ofLink("\(folder)\(FileName.text(name))") {
        (isFolder, isLink) = (status.isFolder, status.isLink)
      }
      entries.append(
        Entry(name: name, inode: UInt64(truncatingIfNeeded: entry.pointee.d_ino), isFolder: isFolder, isLink: isLink))
    }
    return entries
  }
}
