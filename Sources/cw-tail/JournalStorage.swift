internal import Unix

/// Where journald keeps this machine's journal, and whether we may read it.
struct JournalStorage: Equatable {
  var isPersistent: Bool
  var isVolatile: Bool
  /// False if this user sees nothing but its own entries.
  var isReadable: Bool

  /// - Parameter root: what `/` is.
  init(root: String) {
    let kept = Self.files(in: "\(root)/var/log/journal")
    let inMemory = Self.files(in: "\(root)/run/log/journal")
    isPersistent = !kept.isEmpty
    isVolatile = !inMemory.isEmpty
    let states = (kept + inMemory).map { access($0, R_OK) == 0 ? 0 : errno }
    isReadable = states.contains(0) || !states.contains(EACCES)
  }

  // One folder a machine, in it the entries of all but users.
  private static func files(in folder: String) -> [String] {
    FileFinder(["\(folder)/*"], workingDirectory: "/").find().map { "\($0)/system.journal" }
  }
}
