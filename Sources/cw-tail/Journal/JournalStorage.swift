internal import Unix

/// Where journald keeps this machine's journal, and whether we may read it.
struct JournalStorage: Equatable {
  var isPersistent: Bool
  var isVolatile: Bool
  /// False if this user sees nothing but its own entries.
  var isReadable: Bool

  private let root: String

  /// - Parameter root: what `/` is.
  init(root: String) {
    self.root = root
    let kept = Self.files(in: "\(root)/var/log/journal")
    let inMemory = Self.files(in: "\(root)/run/log/journal")
    isPersistent = !kept.isEmpty
    isVolatile = !inMemory.isEmpty
    let states = (kept + inMemory).map { access($0, R_OK) == 0 ? 0 : errno }
    isReadable = states.contains(0) || !states.contains(EACCES)
  }

  /// When something was written to it last, in milliseconds since the epoch; nil if that can not be seen.
  var lastWritten: Int64? {
    let patterns = ["var", "run"].map { "\(root)/\($0)/log/journal/*/*.journal" }
    return FileFinder(patterns, workingDirectory: "/").find().compactMap { path in
      var status = stat()
      return stat(path, &status) == 0 ? FileChange(status).milliseconds : nil
    }.max()
  }

  // One folder a machine, in it the entries of all but users.
  private static func files(in folder: String) -> [String] {
    FileFinder(["\(folder)/*"], workingDirectory: "/").find().map { "\($0)/system.journal" }
  }
}
