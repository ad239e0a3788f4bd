internal import Unix

/// The files that a log consists of: the one that its path leads to, and older ones that rotation has put beside it.
struct Generations {
  struct File: Equatable {
    let path: String
    let identity: FileIdentity
    /// In milliseconds since the epoch.
    let modified: Int64
    let age: RotatedNames.Age?

    var isCompressed: Bool { CompressedContent.suffix(of: path) != nil }

    /// - Throws: `Moved` if rotation has gone on meanwhile.
    func open() throws -> any Content {
      do {
        let content: any Content = isCompressed ? try CompressedContent(path: path) : try FileContent(path: path)
        guard content.identity == identity else { throw Moved() }
        return content
      } catch let error as SystemError where error.code == ENOENT {
        throw Moved()
      }
    }
  }

  /// A name leads elsewhere than a moment ago: all must be looked at anew.
  struct Moved: Error {}

  /// The older ones, the oldest first.
  let rotated: [File]
  private let log: (folder: String, name: String)
  private let folders: [String]
  private let listings: FolderListings

  /// Looks for the files of the log `path`, in its folder, and in that of the file it is a link to.
  init(of path: String, _ listings: FolderListings) {
    let log = Self.split(path)
    let target = Self.target(of: path).map { Self.split($0) }
    let shape = target.flatMap { RotatedNames.shape($0.name) }
    var rotated: [File] = []
    var seen: Set<FileIdentity> = []
    let folders = target.map { $0.folder == log.folder ? [log.folder] : [log.folder, $0.folder] } ?? [log.folder]
    // All of one log begin alike.
    let beginnings = [RotatedNames.stem(of: log.name)] + (target.map { [shape == nil ? RotatedNames.stem(of: $0.name) : ""] } ?? [])
    for folder in folders {
      for name in beginnings.flatMap({ listings.names(in: folder, beginningWith: $0) }) {
        guard folder + name != path, target.map({ $0.folder + $0.name != folder + name }) ?? true else { continue }
        var age = RotatedNames.age(of: name, among: log.name) ?? target.flatMap { RotatedNames.age(of: name, among: $0.name) }
        if age == nil, shape != nil, RotatedNames.shape(name) == shape { age = .date(name) }
        guard age != nil, let file = Self.look(folder + name, age), seen.insert(file.identity).inserted else { continue }
        rotated.append(file)
      }
    }
    (self.log, self.folders, self.listings) = (log, folders, listings)
    // A file that is being compressed is there twice for a while.
    let plain = Set(rotated.lazy.filter { !$0.isCompressed }.map(\.path))
    rotated.removeAll { file in
      CompressedContent.suffix(of: file.path).map { plain.contains(String(file.path.dropLast($0.count))) } ?? false
    }
    self.rotated = Self.sorted(rotated)
  }

  /// Where the file lies of which `position` speaks, now that the log's path leads elsewhere, and what it contains.
  ///
  /// By its inode it is known under any name. A file that was compressed or copied (`copytruncate`) has another inode: then what it
  /// contains must do, and it is not older than the position.
  /// - Parameter unpacking: whether to look into compressed files, each of which costs a process.
  /// - Throws: `Moved`.
  func find(_ position: Position, unpacking: Bool = true) throws -> (file: File, content: any Content)? {
    guard position.offset > 0 else { return nil }
    let sameInode = rotated.filter { $0.identity.inode == position.identity.inode } + strangers(position.identity.inode)
    let later = rotated.filter { $0.modified >= position.modified && $0.identity.inode != position.identity.inode }
    for file in sameInode + later where unpacking || !file.isCompressed {
      do {
        let content = try file.open()
        if content.matches(position) { return (file, content) }
      } catch let moved as Moved {
        throw moved
      } catch {
        continue  // not for us to read
      }
    }
    return nil
  }

  // Files beside the log with this inode, of whatever name.
  private func strangers(_ inode: UInt64) -> [File] {
    folders.flatMap { folder in
      listings.names(in: folder, inode: inode).compactMap { name in
        let file = folder + name
        guard file != log.folder + log.name, let found = Self.look(file, nil), found.identity.inode == inode else { return nil }
        return rotated.contains { $0.identity == found.identity } ? nil : found
      }
    }
  }

  /// The rotated files that came after `file`, the one of `position`; if that is gone, after the time of the position; the oldest first.
  func after(_ file: File?, _ position: Position) -> ArraySlice<File> {
    if let file, let index = rotated.firstIndex(of: file) { return rotated[(index + 1)...] }
    return rotated.firstIndex { $0.modified >= position.modified }.map { rotated[$0...] } ?? []
  }

  /// Copies of a file of which nothing was read, that were made since its position was taken.
  func copies(since position: Position) -> ArraySlice<File> { rotated.filter { $0.modified > position.modified }[...] }

  /// Whether the file of `position`, which `find` does not find, is gone. One of which nothing was read may be any that is not older.
  func hasLost(_ position: Position) -> Bool { position.offset > 0 || !rotated.contains { $0.modified >= position.modified } }

  // By their names if those tell, since a clock may have been set back; else by the time of the last change.
  private static func sorted(_ files: [File]) -> [File] {
    let numbers = files.compactMap { if case .number(let number) = $0.age { number } else { nil } }
    let dates = files.compactMap { if case .date(let date) = $0.age { date } else { nil } }
    if numbers.count == files.count {
      return zip(files, numbers).sorted { ($1.1, $0.0.modified, $0.0.path) < ($0.1, $1.0.modified, $1.0.path) }.map(\.0)
    }
    if dates.count == files.count { return zip(files, dates).sorted { ($0.1, $0.0.path) < ($1.1, $1.0.path) }.map(\.0) }
    return files.sorted { ($0.modified, rank($0), $0.path) < ($1.modified, rank($1), $1.path) }
  }

  private static func rank(_ file: File) -> Int { if case .number(let number) = file.age { -number } else { 1 } }

  private static func look(_ path: String, _ age: RotatedNames.Age?) -> File? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return File(path: path, identity: FileIdentity(status), modified: FileChange(status).milliseconds, age: age)
  }

  // Nil if the path itself is no link, whatever its folders are.
  private static func target(of path: String) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("./", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}
