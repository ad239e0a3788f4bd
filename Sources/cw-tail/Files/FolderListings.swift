internal import Unix

/// What lies in folders, listed once for many questions: a folder with thousands of logs is asked about each of them.
///
/// A listing holds as long as the folder was not changed since, which its own time of change tells.
final class FolderListings {
  struct Entry {
    let name: [UInt8]
    let inode: UInt64
    /// As far as the folder itself tells; a link may lead to one.
    let isFolder: Bool
    let isLink: Bool
  }

  final class Listing {
    /// In the order of their names' bytes.
    let entries: [Entry]
    private let change: Change?
    private let isSettled: Bool
    private(set) lazy var byInode: [UInt64: [Int]] = {
      var byInode: [UInt64: [Int]] = [:]
      for (index, entry) in entries.enumerated() { byInode[entry.inode, default: []].append(index) }
      return byInode
    }()
    /// In the order of their names' bytes from the end.
    private(set) lazy var byEnding = entries.indices.sorted {
      entries[$0].name.reversed().lexicographicallyPrecedes(entries[$1].name.reversed())
    }
    private(set) lazy var folders = entries.filter { $0.isFolder && !$0.name.starts(with: [UInt8(ascii: ".")]) }
    /// What is used up when a folder is asked about again and was not changed since.
    let number: Int

    fileprivate init(_ entries: [Entry], change: Change?, isSettled: Bool, number: Int) {
      (self.entries, self.change, self.isSettled, self.number) = (entries, change, isSettled, number)
    }

    /// Whether it holds still.
    fileprivate func holds(_ now: Change?) -> Bool { change == now && (isSettled || change == nil) }
  }

  /// What tells that a folder has changed, or is another one.
  fileprivate struct Change: Equatable {
    private let identity: FileIdentity
    let time: FileChange

    /// Nil: there is none, or none that may be asked about.
    init?(of folder: String) {
      guard let status = FileStatus.of(folder) else { return nil }
      (identity, time) = (FileIdentity(status), FileChange(ofInode: status))
    }
  }

  private var listings: [String: Listing] = [:]
  /// Those that were asked for since `beginLook`, as they were listed first.
  private var used: [String: Listing] = [:]
  /// Those of them that are as they were listed.
  private var looked: Set<String> = []
  private var count = 0

  /// File systems count in ticks of up to 10 ms: a folder may change twice within one. (Some in seconds: those are listed anew each
  /// time in that second.)
  private static let tick: Int64 = 20

  /// Those that were asked for since `beginLook`, as they were listed first: what came later was not there when all was looked at.
  var all: [String: Listing] { used }

  /// Forgets folders that nobody asks about any more; the others may have changed.
  func beginLook() {
    listings = listings.filter { used[$0.key] != nil }
    used.removeAll(keepingCapacity: true)
    refresh()
  }

  /// From now on folders may have changed.
  func refresh() { looked.removeAll(keepingCapacity: true) }

  /// Forgets all: something has gone on meanwhile.
  func removeAll() {
    listings.removeAll()
    looked.removeAll()
  }

  /// Names in `folder`, which ends with a slash, that begin and end so. As many are looked at as begin so, or as end so: the fewer.
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

  // Where those stand in an order that begin so.
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

  /// Names in `folder` of files with this inode, as far as the folder itself tells.
  func names(in folder: String, inode: UInt64) -> [String] {
    let listing = listing(of: folder)
    return listing.byInode[inode, default: []].map { FileName.text(listing.entries[$0].name) }
  }

  /// Folders in `folder`, with a slash at their end.
  func folders(in folder: String) -> [String] { listing(of: folder).folders.map { "\(folder)\(FileName.text($0.name))/" } }

  /// Whether what has this path is a link, as far as its folder tells.
  func isLink(_ path: String) -> Bool {
    let (folder, name) = RotatedFiles.split(path)
    let (entries, bytes) = (listing(of: folder).entries, FileName.bytes(name))
    let index = Self.range(of: bytes, in: entries.count) { entries[$0].name }.first
    return index.map { entries[$0].name == bytes && entries[$0].isLink } ?? false
  }

  /// Whether these folders are still as they were listed.
  static func hold(_ folders: [String: Listing]) -> Bool { folders.allSatisfy { $0.value.holds(Change(of: $0.key)) } }

  /// - Parameter folder: ends with a slash.
  func listing(of folder: String) -> Listing {
    if let known = listings[folder], looked.contains(folder) { return known }
    looked.insert(folder)
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
