internal import Records
internal import Unix

/// How far each source was delivered by earlier runs, from the state directory.
struct StoredPositions {
  enum Kind {
    /// No state is kept.
    case none
    /// This is the first run.
    case missing
    /// The state of an earlier run cannot be read, so nothing may be skipped.
    case damaged
    case known
  }

  let kind: Kind
  private var bySource: [[UInt8]: String] = [:]
  private var byInode: [UInt64: [FilePosition]] = [:]
  /// In stored order.
  private(set) var sources: [String] = []

  init(kind: Kind = .none) { self.kind = kind }

  init(_ content: PositionFile.Content) {
    switch content {
    case .missing: self.init(kind: .missing)
    case .damaged: self.init(kind: .damaged)
    case .sources(let states):
      self.init(kind: .known)
      for state in states {
        sources.append(state.sourceText)
        bySource[Array(state.sourceText.utf8)] = state.positionText
        for position in LogPosition(state.positionText)?.files ?? [] { byInode[position.identity.inode, default: []].append(position) }
      }
    }
  }

  var isKept: Bool { kind != .none }

  /// The position of a file or a pattern; nil: none is stored, or that of a journal.
  func position(of source: String) -> LogPosition? { text(of: source).flatMap { LogPosition($0) } }

  func text(of source: String) -> String? { bySource[Array(source.utf8)] }

  /// All positions in files with this inode, of any source.
  func positions(inInode inode: UInt64) -> [FilePosition] { byInode[inode] ?? [] }
}
