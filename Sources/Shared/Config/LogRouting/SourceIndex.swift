internal import Patterns
internal import Unix

/// Which entry of the configuration the source of a record belongs to: of the journal by its name, else the first of
/// `collect_list` whose path it is, or whose glob finds it, and whose blacklist does not leave it out.
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

  private struct File {
    let path: String
    let blacklist: PatternSet?
  }

  private let files: [File]
  private let journals: [(source: String, entry: Entry)]

  /// - Parameters:
  ///   - workingDirectory: from which relative paths lead on; as a rule that of the process, as its neighbours in the pipe have it.
  ///   - warn: is told of a blacklist that costs too much, and takes the file for one of those it names.
  /// - Throws: `PatternError`, which names the key.
  package init(
    _ logs: Configuration.Logs, workingDirectory: String = currentDirectory(), warn: @escaping (String) -> Void = { _ in }
  ) throws {
    let memory = MatchContext()
    files = try logs.files.enumerated().map { number, file in
      let key = "\(Entry.file(number).keyPath).blacklist"
      return File(
        path: file.filePath.hasPrefix("/") ? file.filePath : "\(workingDirectory)/\(file.filePath)",
        blacklist: try file.blacklist.map { try PatternSet([$0], memory: memory, name: { _ in key }, warn: warn) })
    }
    // The section stands last: it may say `collect` false, and select what an entry selects that does collect.
    journals = logs.journald.enumerated().map { ($1.source, Entry.journald($0)) } + [(logs.journal.source, .journal)]
  }

  /// The path or glob of an entry, from the root on; nil: it has none.
  func path(of entry: Entry) -> String? {
    guard case .file(let number) = entry, files.indices.contains(number) else { return nil }
    return files[number].path
  }

  /// The entry that a source belongs to; nil: none.
  package func entry(of source: String) -> Entry? {
    if let journal = journals.first(where: { Self.areSame($0.source, source) }) { return journal.entry }
    return files.firstIndex { Self.takes($0, source) }.map(Entry.file)
  }

  private static func takes(_ file: File, _ path: String) -> Bool {
    guard Glob.matches(file.path, path) else { return false }
    guard let blacklist = file.blacklist, let base = path.split(separator: "/", omittingEmptySubsequences: false).last else { return true }
    return Array(base.utf8).withUnsafeBytes { blacklist.firstMatch($0) } == nil
  }

  // To Swift, two texts are equal if they differ only in how an accent is written; to the file system they are not.
  private static func areSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
}

extension Configuration.Logs {
  /// The settings of an entry; nil if there is no such entry.
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
