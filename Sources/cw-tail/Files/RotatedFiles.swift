internal import Unix

/// The files that a log may consist of beside the one that its path leads to: what lies beside it, or in folders there, under a name
/// that is like its own.
struct RotatedFiles {
  struct File {
    let path: String
    let status: stat
    let identity: FileIdentity
    /// In milliseconds since the epoch.
    let modified: Int64
    let relation: RotatedNames.Relation
    /// By its numbers it comes after the file that the log, a link, leads to.
    let isLater: Bool
    /// It has the inode of a file of the log, which may be another's by now, and no name that is like the log's.
    let isStranger: Bool

    var seen: KnownFile.Seen { KnownFile.Seen(status) }

    init(path: String, status: stat, relation: RotatedNames.Relation, isLater: Bool, isStranger: Bool) {
      (self.path, self.status, self.relation, self.isLater, self.isStranger) = (path, status, relation, isLater, isStranger)
      (identity, modified) = (FileIdentity(status), FileChange(status).milliseconds)
    }

    /// - Throws: `Moved` if rotation has gone on meanwhile; `SystemError` if it cannot be read.
    func open() throws -> any ByteSource {
      do {
        let file = try FileByteSource(path: path)
        guard file.identity == identity else { throw Moved() }
        return try file.compression() == nil ? file : CompressedByteSource(file, path: path)
      } catch let error as SystemError where error.code == ENOENT || error.code == ENOTDIR {
        throw Moved()
      }
    }
  }

  /// A name leads elsewhere than a moment ago: all must be looked at anew.
  struct Moved: Error {}

  /// In no order. Regular files only; not the log itself.
  let files: [File]

  /// More folders than that are no archive of a log.
  private static let maximumFolders = 64

  /// As of one moment, although files may be given other names meanwhile: what two looks, one after the other, agree in.
  /// - Throws: `Moved` if they do not.
  static func settled(of path: String, likes others: [String], inodes: [UInt64], _ listings: FolderListings) throws -> RotatedFiles {
    func look() -> RotatedFiles {
      listings.refresh()
      return RotatedFiles(of: path, likes: others, inodes: inodes, listings)
    }
    let (first, second) = (look(), look())
    let paths = Dictionary(first.files.map { ($0.identity, $0.path) }) { path, _ in path }
    guard first.files.count == second.files.count, second.files.allSatisfy({ paths[$0.identity] == $0.path }) else { throw Moved() }
    return second
  }

  /// - Parameters:
  ///   - others: paths under which files of the log were seen, whose likes belong to it as well.
  ///   - inodes: of files of the log that may have got another name.
  init(of path: String, likes others: [String], inodes: [UInt64], _ listings: FolderListings) {
    let log = Self.split(path)
    var found: [File] = []
    var seen: Set<FileIdentity> = []
    func add(_ path: String, _ relation: RotatedNames.Relation, isLater: Bool = false, isStranger: Bool = false) {
      guard path != log.folder + log.name, let status = FileStatus.of(path), status.isRegular, seen.insert(FileIdentity(status)).inserted
      else { return }
      found.append(File(path: path, status: status, relation: relation, isLater: isLater, isStranger: isStranger))
    }
    func addFamily(in folder: String, named log: String, isBeside: Bool) {
      let names = RotatedNames.likes(of: log).flatMap { listings.names(in: folder, beginningWith: $0.beginning, endingWith: $0.ending) }
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
    // Both of names, or both of paths.
    func isLater(_ other: String, than file: String?) -> Bool {
      file.map { RotatedNames.numbers(of: $0).lexicographicallyPrecedes(RotatedNames.numbers(of: other)) } ?? false
    }
    let folders = Set([log.folder] + (others + [target].compactMap { $0 }).map { Self.split($0).folder })
    var likes = others + [target].compactMap { $0 }
    for inode in inodes {
      for folder in folders { likes += listings.names(in: folder, inode: inode).map { folder + $0 }.filter { $0 != path } }
    }
    for path in Set(likes) {
      let like = Self.split(path)
      guard like.name != log.name, RotatedNames.relation(of: like.name, to: log.name) == nil else {
        if like.folder != log.folder { addFamily(in: like.folder, named: log.name, isBeside: false) }
        continue
      }
      // Any file may be called by any name once; one that has a date in it is called so by a habit.
      let hasDate = RotatedNames.pattern(forPathsLike: like.name) != nil && RotatedNames.pattern(forPathsLike: log.name) == nil
      if hasDate || target != nil { addLikes(like.folder, like.name) }
      // In a folder for each day.
      guard hasDate || target != nil, let pattern = RotatedNames.pattern(forPathsLike: path) else { continue }
      for path in FileFinder([pattern], workingDirectory: "/").find(listings) where path != pattern {
        add(path, RotatedNames.Relation(isCertain: true, numbers: RotatedNames.numbers(of: path)), isLater: isLater(path, than: target))
      }
    }
    // A link leads from one such file to the next; so does a name that a writer gives to one after the other.
    func addLikes(_ folder: String, _ name: String) {
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
    for path in Set(likes) { add(path, RotatedNames.Relation(isCertain: true, numbers: RotatedNames.numbers(of: path)), isStranger: true) }
    if let target, let status = FileStatus.of(target) { found.removeAll { $0.identity == FileIdentity(status) } }
    // A file that is being compressed is there twice for a while.
    let plain = Set(found.lazy.filter { !Compression.isNamed($0.path) }.map(\.path))
    files = found.filter { file in
      // svlogd calls what it makes so, and what it makes that of.
      if log.name == RotatedNames.supervised, file.path.hasSuffix(".t") { return !plain.contains("\(file.path.dropLast())u") }
      return !Compression.isNamed(file.path) || !plain.contains(FileName.text(Compression.stem(of: FileName.bytes(file.path))))
    }
  }

  // Nil if the path itself is no link, whatever its folders are.
  static func target(of path: String) -> String? {
    guard FileStatus.ofLink(path)?.isLink == true, let real = FileName.withBytes(path, { realpath($0, nil) }) else { return nil }
    defer { free(real) }
    return FileName.text(UnsafeRawBufferPointer(start: real, count: strlen(real)))
  }

  /// The folder, with its slash, and the name.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("./", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}

// MARK: - order

extension RotatedFiles {
  /// The oldest first, as well as can be known. Nothing depends on it but the order of lines.
  /// - Parameter anchor: one that is older than all of them.
  static func sorted(_ files: [File], after anchor: File? = nil) -> [File] {
    let all = files + (anchor.map { [$0] } ?? [])
    if let direction = direction(all, anchor) {
      return files.sorted { first, second in
        let order = first.relation.numbers.lexicographicallyPrecedes(second.relation.numbers)
        return direction == .ascending ? order : second.relation.numbers.lexicographicallyPrecedes(first.relation.numbers)
      }
    }
    // What compresses keeps the time of the last change, some of them in whole seconds.
    let isCoarse = files.contains { $0.modified % 1000 == 0 }
    func time(_ file: File) -> Int64 { isCoarse ? file.modified / 1000 : file.modified }
    return files.sorted { first, second in
      if time(first) != time(second) { return time(first) < time(second) }
      if first.relation.numbers == second.relation.numbers { return first.path < second.path }
      let isEarlier = first.relation.numbers.lexicographicallyPrecedes(second.relation.numbers)
      // A number grows as the file gets older, a date the other way round, and so does the number of a container, of which some files
      // have a date behind it.
      let (numbers, others) = (first.relation.numbers, second.relation.numbers)
      let isAscending = first.relation.isDate && second.relation.isDate || numbers.count != others.count && numbers.first != others.first
      return isAscending ? isEarlier : !isEarlier
    }
  }

  private enum Direction { case ascending, descending }

  // Whether a number tells the order, and which way it goes. Times decide that between most of the files, since a clock may have been
  // set back; the one that is known to come first decides it alone.
  private static func direction(_ files: [File], _ anchor: File?) -> Direction? {
    let numbers = files.map(\.relation.numbers)
    guard files.count > 1, numbers.allSatisfy({ $0.count == numbers[0].count && !$0.isEmpty }), Set(numbers).count == numbers.count else {
      return nil
    }
    // Hours and days begin anew; counts have no holes.
    let counts = numbers.compactMap { $0.count == 1 && $0[0] <= 9999 ? $0[0] : nil }
    let isCount = counts.count == numbers.count && (counts.max() ?? 0) - (counts.min() ?? 0) == counts.count - 1
    let isLabel = numbers.allSatisfy { $0.count == RotatedNames.labelLength }
    // The year first, in four digits or in a date of eight.
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
