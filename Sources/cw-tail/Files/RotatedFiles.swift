internal import Unix

/// The rotated files of a log: those beside it, or in folders there, whose names are similar to its own.
struct RotatedFiles {
  struct File {
    let path: String
    let status: stat
    let identity: FileIdentity
    /// The time of last modification, in milliseconds since the epoch.
    let modified: Int64
    let relation: RotatedNames.Relation
    /// Whether, by its numbers, it comes after the file that the log, a link, leads to.
    let isLater: Bool
    /// Whether only its inode is that of a file of the log, which may be reused by now; its name is not similar.
    let isKnownByInodeOnly: Bool

    var snapshot: KnownFile.StatSnapshot { KnownFile.StatSnapshot(status) }

    init(path: String, status: stat, relation: RotatedNames.Relation, isLater: Bool, isKnownByInodeOnly: Bool) {
      (self.path, self.status, self.relation, self.isLater, self.isKnownByInodeOnly) = (path, status, relation, isLater, isKnownByInodeOnly)
      (identity, modified) = (FileIdentity(status), FileChange(status).milliseconds)
    }

    /// Opens the file, decompressed if necessary.
    /// - Throws: `ConcurrentRotation` if its path leads elsewhere; `SystemError` if it cannot be read.
    func open() throws -> any ByteSource {
      do {
        let file = try FileByteSource(path: path)
        guard file.identity == identity else { throw ConcurrentRotation() }
        return try file.compression() == nil ? file : CompressedByteSource(file, path: path)
      } catch let error as SystemError where error.code == ENOENT || error.code == ENOTDIR {
        throw ConcurrentRotation()
      }
    }
  }

  /// A path leads to another file than a moment ago, so the scan must be repeated.
  struct ConcurrentRotation: Error {}

  /// Unordered; regular files only, without the log itself.
  let files: [File]

  /// More folders are not an archive of a log.
  private static let maximumFolders = 64

  /// A consistent list although files may be renamed meanwhile: two listings in a row must agree.
  /// - Throws: `ConcurrentRotation` if they do not.
  static func settled(of path: String, seenAs others: [String], inodes: [UInt64], _ listings: FolderListings) throws -> RotatedFiles {
    func list() -> RotatedFiles {
      listings.refresh()
      return RotatedFiles(of: path, seenAs: others, inodes: inodes, listings)
    }
    let (first, second) = (list(), list())
    let paths = Dictionary(first.files.map { ($0.identity, $0.path) }) { path, _ in path }
    guard first.files.count == second.files.count, second.files.allSatisfy({ paths[$0.identity] == $0.path }) else {
      throw ConcurrentRotation()
    }
    return second
  }

  /// - Parameters:
  ///   - others: paths under which files of the log were seen; files with names similar to those belong to it as well.
  ///   - inodes: those of files of the log that may have been renamed.
  init(of path: String, seenAs others: [String], inodes: [UInt64], _ listings: FolderListings) {
    let log = Self.split(path)
    var found: [File] = []
    var seen: Set<FileIdentity> = []
    func add(_ path: String, _ relation: RotatedNames.Relation, isLater: Bool = false, isKnownByInodeOnly: Bool = false) {
      guard path != log.folder + log.name, let status = FileStatus.of(path), status.isRegular, seen.insert(FileIdentity(status)).inserted
      else { return }
      found.append(File(path: path, status: status, relation: relation, isLater: isLater, isKnownByInodeOnly: isKnownByInodeOnly))
    }
    func addFamily(in folder: String, named log: String, isBeside: Bool) {
      let names = RotatedNames.affixes(of: log).flatMap { listings.names(in: folder, beginningWith: $0.beginning, endingWith: $0.ending) }
      for name in Set(names) {
        if let relation = RotatedNames.relation(of: name, to: log) {
          add(folder + name, relation)
        } else if !isBeside, name == log {
          add(folder + name, RotatedNames.Relation(isCertain: true, numbers: []))
        }
      }
    }
    addFamily(in: log.folder, named: log.name, isBeside: true)
    let target = Self.target(of: path)
    // Compares either two names or two paths. What has the same numbers and more, such as a date, was the file before it was rotated.
    func isLater(_ other: String, than file: String?) -> Bool {
      guard let file else { return false }
      let numbers = RotatedNames.numbers(of: file)
      return numbers.lexicographicallyPrecedes(RotatedNames.numbers(of: other).prefix(numbers.count))
    }
    let folders = Set([log.folder] + (others + [target].compactMap { $0 }).map { Self.split($0).folder })
    var similar = others + [target].compactMap { $0 }
    for inode in inodes {
      for folder in folders { similar += listings.names(in: folder, inode: inode).map { folder + $0 }.filter { $0 != path } }
    }
    for path in Set(similar) {
      let other = Self.split(path)
      guard other.name != log.name, RotatedNames.relation(of: other.name, to: log.name) == nil else {
        if other.folder != log.folder { addFamily(in: other.folder, named: log.name, isBeside: false) }
        continue
      }
      // A single renaming proves no naming scheme, but a date in the name does.
      let hasDate = RotatedNames.pattern(forPathsLike: other.name) != nil && RotatedNames.pattern(forPathsLike: log.name) == nil
      if hasDate || target != nil { addSimilar(other.folder, other.name) }
      // There may be a folder for each day.
      guard hasDate || target != nil, let pattern = RotatedNames.pattern(forPathsLike: path) else { continue }
      for path in FileFinder([pattern], workingDirectory: "/").find(listings) where path != pattern {
        add(path, RotatedNames.Relation(isCertain: true, numbers: RotatedNames.numbers(of: path)), isLater: isLater(path, than: target))
      }
    }
    // Adds the files of a series of names that differ in their numbers, as a link leads to one after the other.
    func addSimilar(_ folder: String, _ name: String) {
      let shape = RotatedNames.shape(of: name)
      guard !RotatedNames.numbers(of: name).isEmpty else { return addFamily(in: folder, named: name, isBeside: false) }
      for entry in listings.listing(of: folder).entries where !entry.isFolder {
        let other = FileName.text(entry.name)
        let theirs = RotatedNames.shape(of: other)
        guard theirs == shape || RotatedNames.relation(of: theirs, to: shape) != nil else { continue }
        let relation = RotatedNames.Relation(isCertain: true, numbers: RotatedNames.numbers(of: other))
        add(folder + other, relation, isLater: isLater(other, than: target.map { Self.split($0).name }))
      }
    }
    for folder in listings.folders(in: log.folder).prefix(Self.maximumFolders) {
      addFamily(in: folder, named: log.name, isBeside: false)
      for inner in listings.folders(in: folder).prefix(Self.maximumFolders) { addFamily(in: inner, named: log.name, isBeside: false) }
    }
    for path in Set(similar) {
      add(path, RotatedNames.Relation(isCertain: true, numbers: RotatedNames.numbers(of: path)), isKnownByInodeOnly: true)
    }
    if let target, let status = FileStatus.of(target) { found.removeAll { $0.identity == FileIdentity(status) } }
    // A file that is being compressed exists twice for a while.
    let plain = Set(found.lazy.filter { !Compression.isNamed($0.path) }.map(\.path))
    files = found.filter { file in
      // svlogd names its unprocessed file `.u`, and the output of its processor `.t`.
      if log.name == RotatedNames.supervised, file.path.hasSuffix(".t") { return !plain.contains("\(file.path.dropLast())u") }
      return !Compression.isNamed(file.path) || !plain.contains(FileName.text(Compression.stem(of: FileName.bytes(file.path))))
    }
  }

  /// The real path of a link; nil if the path itself is no link, whatever its folders are.
  static func target(of path: String) -> String? {
    FileStatus.ofLink(path)?.isLink == true ? FileName.real(path) : nil
  }

  /// Splits a path into its folder, which ends with a slash, and its name.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("./", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}

// MARK: - order

extension RotatedFiles {
  /// Sorts the oldest first, as well as can be known. Only the order of lines depends on it, not whether they are read.
  /// - Parameter anchor: a file that is older than all of them.
  static func sorted(_ files: [File], after anchor: File? = nil) -> [File] {
    let all = files + (anchor.map { [$0] } ?? [])
    if let direction = direction(all, anchor) {
      return files.sorted { first, second in
        let order = first.relation.numbers.lexicographicallyPrecedes(second.relation.numbers)
        return direction == .ascending ? order : second.relation.numbers.lexicographicallyPrecedes(first.relation.numbers)
      }
    }
    // Compressors keep the modification time, some of them in whole seconds.
    let isCoarse = files.contains { $0.modified % 1000 == 0 }
    func time(_ file: File) -> Int64 { isCoarse ? file.modified / 1000 : file.modified }
    return files.sorted { first, second in
      if time(first) != time(second) { return time(first) < time(second) }
      if first.relation.numbers == second.relation.numbers { return first.path < second.path }
      let isEarlier = first.relation.numbers.lexicographicallyPrecedes(second.relation.numbers)
      // A rotation number is larger for an older file, a date for a younger one, as is the number of a container, which a date may follow.
      // A log with both has gone over from numbers to dates.
      let (numbers, others) = (first.relation.numbers, second.relation.numbers)
      let dates = [first, second].filter(\.relation.isDate).count
      let isAscending = dates == 2 || (numbers.count == others.count ? dates == 1 : numbers.first != others.first)
      return isAscending ? isEarlier : !isEarlier
    }
  }

  private enum Direction { case ascending, descending }

  // Which way the numbers in the names grow; nil: they do not tell the order. The anchor decides, or else the majority of the modification
  // times, some of which may be wrong because the clock was set back.
  private static func direction(_ files: [File], _ anchor: File?) -> Direction? {
    let numbers = files.map(\.relation.numbers)
    guard files.count > 1, numbers.allSatisfy({ $0.count == numbers[0].count && !$0.isEmpty }), Set(numbers).count == numbers.count else {
      return nil
    }
    // Hours and days start again; rotation numbers have no gaps.
    let counts = numbers.compactMap { $0.count == 1 && $0[0] <= 9999 ? $0[0] : nil }
    let isCount = counts.count == numbers.count && (counts.max() ?? 0) - (counts.min() ?? 0) == counts.count - 1
    let isLabel = numbers.allSatisfy { $0.count == RotatedNames.labelLength }
    // A date has its year first, in four digits or in eight together with month and day.
    let isDate = numbers.allSatisfy { RotatedNames.isYearFirst($0[0]) }
    if isLabel || isDate { return .ascending }
    guard isCount else { return nil }
    if let anchor {
      let others = files.filter { $0.path != anchor.path }
      if others.allSatisfy({ $0.relation.numbers[0] < anchor.relation.numbers[0] }) { return .descending }
      if others.allSatisfy({ $0.relation.numbers[0] > anchor.relation.numbers[0] }) { return .ascending }
    }
    let ordered = files.sorted { $0.relation.numbers[0] < $1.relation.numbers[0] }
    var balance = 0
    for (first, second) in zip(ordered, ordered.dropFirst()) where first.modified != second.modified {
      balance += first.modified < second.modified ? 1 : -1
    }
    return balance > 0 ? .ascending : .descending
  }
}
