internal import Unix

/// Which entry of the configuration the source of a record belongs to: of the journal by its name, else the first of
/// `collect_list` whose path it is, or whose glob finds it.
package struct SourceIndex {
  package enum Entry: Hashable, Sendable {
    case file(Int)
    case journal
    case journald(Int)

    /// Where it stands in the file.
    package var keyPath: String {
      switch self {
      case .file(let index): "\(Schema.collectList)[\(index)]"
      case .journal: Schema.journal
      case .journald(let index): "\(Schema.journaldList)[\(index)]"
      }
    }
  }

  private let paths: [String]
  private let journals: [(source: String, entry: Entry)]

  /// - Parameter workingDirectory: from which relative paths lead on.
  package init(_ logs: Configuration.Logs, workingDirectory: String) {
    paths = logs.files.map { $0.filePath.hasPrefix("/") ? $0.filePath : "\(workingDirectory)/\($0.filePath)" }
    journals = [(logs.journal.source, Entry.journal)] + logs.journald.enumerated().map { ($1.source, .journald($0)) }
  }

  /// In the directory in which the process runs, as its neighbours in the pipe do.
  package init(_ logs: Configuration.Logs) {
    let directory = getcwd(nil, 0)
    defer { free(directory) }
    self.init(logs, workingDirectory: directory.map { String(cString: $0) } ?? "")
  }

  package func entry(of source: String) -> Entry? {
    // As bytes: to Swift, two texts are equal if they differ only in how an accent is written; to the file system they are not.
    func isSame(_ name: String) -> Bool { name.utf8.elementsEqual(source.utf8) }
    if let journal = journals.first(where: { isSame($0.source) }) { return journal.entry }
    // As glob(3): a star stops at a slash, and does not begin with a dot.
    return paths.firstIndex { isSame($0) || fnmatch($0, source, FNM_PATHNAME | FNM_PERIOD) == 0 }.map(Entry.file)
  }
}

extension Configuration.Logs {
  package subscript(entry: SourceIndex.Entry) -> Configuration.SourceSettings? {
    switch entry {
    case .file(let index): files.indices.contains(index) ? files[index].settings : nil
    case .journal: journal.settings
    case .journald(let index): journald.indices.contains(index) ? journald[index].settings : nil
    }
  }

  /// Every entry, in the order of the file.
  package var entries: [SourceIndex.Entry] {
    files.indices.map(SourceIndex.Entry.file) + [.journal] + journald.indices.map(SourceIndex.Entry.journald)
  }
}
