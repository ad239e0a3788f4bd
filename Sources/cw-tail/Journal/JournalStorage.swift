internal import Unix

/// Where journald keeps this machine's journal, and whether this user may read it.
struct JournalStorage: Equatable {
  let isPersistent: Bool
  let isVolatile: Bool
  /// False if this user sees only its own entries.
  let isReadable: Bool
  /// The folders with journal files.
  private let folders: [String]
  private let parents: [String]

  /// - Parameters:
  ///   - root: precedes all paths.
  ///   - namespace: nil: that of the system.
  init(root: String, namespace: String? = nil) {
    parents = ["\(root)/var/log/journal", "\(root)/run/log/journal"]
    let kept = Self.folders(in: parents[0], namespace)
    let inMemory = Self.folders(in: parents[1], namespace)
    folders = kept + inMemory
    isPersistent = !kept.isEmpty
    isVolatile = !inMemory.isEmpty
    let states = folders.map { access("\($0)/system.journal", R_OK) == 0 ? 0 : errno }
    isReadable = states.contains(0) || !states.contains(EACCES)
  }

  /// Changes when a journal file is created, removed or renamed.
  struct Stamp: Equatable {
    fileprivate var changes: [FileChange?]
    // Two changes within the granularity of the file system's clock have the same time.
    fileprivate var files: [String]
  }

  var stamp: Stamp {
    let changes = (parents + folders).map { FileStatus.of($0).map { FileChange($0) } }
    return Stamp(changes: changes, files: FileFinder(folders.map { "\($0)/*.journal" }, workingDirectory: "/").find())
  }

  /// When any of the namespaces was written to last, in milliseconds since the epoch; nil if that is not visible to this user.
  var lastWritten: Int64? {
    let files = FileFinder(parents.map { "\($0)/*/*.journal" }, workingDirectory: "/").find()
    return files.compactMap { FileStatus.of($0).map { FileChange($0).milliseconds } }.max()
  }

  // The folder of a machine and those of its namespaces are `ID` and `ID.NAMESPACE`. `remote` has journals of other machines.
  private static func folders(in parent: String, _ namespace: String?) -> [String] {
    FileFinder(["\(parent)/*"], workingDirectory: "/").find().filter { path in
      let name = path.dropFirst(parent.count + 1).split(separator: ".", maxSplits: 1)
      return name.first != "remote" && (name.count > 1 ? String(name[1]) : nil) == namespace
    }
  }
}
