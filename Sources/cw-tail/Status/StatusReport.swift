internal import MetricOutput
internal import Records
internal import Unix

/// How delivery stands, as the state directory and the files tell. No lock is taken, so a running pipe does not notice.
struct StatusReport {
  private let path: String
  /// The processes that read and that deliver; nil: there is none.
  let tail: Int32?
  let putlogs: Int32?
  let sources: [SourceStatus]

  /// - Parameters:
  ///   - finder: of what is followed; nil: of what the state tells.
  ///   - isMeant: whether a source is to be told of.
  ///   - now: milliseconds since the epoch.
  /// - Throws: what to say if the state tells nothing.
  init(
    _ directory: StateDirectory, journal: JournalStorage = JournalStorage(root: ""), finder: FileFinder? = nil, now: Int64,
    isMeant: @escaping (String) -> Bool = { _ in true }, adjust: (inout Follower.Options) -> Void = { _ in }
  ) throws {
    path = directory.path
    let lock = try StateLock.existing(directory)
    tail = try lock?.holder(of: .tail)
    putlogs = try lock?.holder(of: .putlogs)
    let content = try PositionFile.read(directory.positions)
    switch content {
    case .damaged:
      throw CommandError(
        .tryAgain, "\(directory.positions) is damaged; at the next start files are read from their start, and lines may come again")
    case .missing where tail == nil && putlogs == nil:
      throw CommandError(
        .unavailable, "nothing runs and nothing was ever delivered with the state in \(directory.path); give another --state, or start")
    case .missing: sources = []
    case .sources(let states):
      let memory = StoredPositions(content)
      let backlogs = try Backlog.all(finder ?? Self.finder(memory), behind: memory) { options in
        options.includes = isMeant
        adjust(&options)
      }
      let told = states.filter { isMeant($0.sourceText) }
        .compactMap { SourceStatus($0, backlog: backlogs[Array($0.sourceText.utf8)], now: now, journalWritten: { journal.lastWritten }) }
      // What the patterns find of which nothing is stored yet.
      let untold = backlogs.values.filter { memory.position(of: $0.path) == nil && $0.bytes > 0 }
        .map { SourceStatus(undelivered: $0.path, backlog: $0, now: now) }
      sources = (told + untold).sorted { $0.source < $1.source }
    }
  }

  // What was followed: the globs, of which it is stored since when they are, and paths that none of them finds.
  private static func finder(_ memory: StoredPositions) -> FileFinder {
    let sources = memory.sources.filter { $0.hasPrefix("/") }
    let globs = sources.filter { Glob.isPattern($0) && memory.position(of: $0)?.isNowhere == true }
    return FileFinder(whole: globs + sources.filter { source in !globs.contains { FileFinder.matches($0, source) } })
  }

  /// - Parameter limit: how long events may wait, in milliseconds.
  func status(limit: Int64) -> ExitStatus {
    if tail == nil, putlogs == nil { return .unavailable }
    return sources.contains { $0.needsAttention(limit: limit) } ? .tryAgain : .done
  }

  // MARK: - for CloudWatch

  private struct Figure {
    let name: String
    let unit: MetricUnit
    let value: @Sendable (SourceStatus) -> Double?
    /// Of several sources.
    var combine: @Sendable (Double, Double) -> Double = { $0 + $1 }
  }

  private static let figures = [
    Figure(name: "LogEventsDelivered", unit: .count, value: { Double($0.delivered) }),
    Figure(name: "LogEventsRefused", unit: .count, value: { Double($0.refused) }),
    Figure(name: "LogGaps", unit: .count, value: { Double($0.gaps) }),
    Figure(name: "LogLagBytes", unit: .bytes, value: { $0.bytesBehind.map { Double($0) } }),
    Figure(name: "LogLagSeconds", unit: .seconds, value: { $0.timeBehind.map { Double($0) / 1000 } }, combine: max),
  ]

  /// The figures of each source that are known.
  func records(_ commonDimensions: CommonDimensions, now: Int64) -> [MetricRecord] {
    sources.flatMap { source in
      Self.figures.compactMap { figure in
        figure.value(source).map {
          commonDimensions.record(
            figure.name, $0, figure.unit, timestamp: now, own: [.init(name: "Source", value: Self.dimension(source.source))])
        }
      }
    }
  }

  /// The figures of all sources together: their sum, of the time the longest.
  func totals(_ commonDimensions: CommonDimensions, now: Int64) -> [MetricRecord] {
    Self.figures.compactMap { figure in
      let values = sources.compactMap(figure.value)
      guard let first = values.first else { return nil }
      return commonDimensions.record(figure.name, values.dropFirst().reduce(first, figure.combine), figure.unit, timestamp: now, own: [])
    }
  }

  /// A name as CloudWatch takes it in a dimension: 1,024 bytes of printable ASCII ("Dimension", API Reference). Other bytes become
  /// `%C3`; of a longer one the end tells more.
  static func dimension(_ source: String) -> String {
    let bytes = source.utf8.flatMap { byte in
      (0x20...0x7E).contains(byte) ? [byte] : Array("%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))".utf8)
    }
    return String(decoding: bytes.suffix(1024), as: UTF8.self)
  }

  // MARK: - for people

  func table() -> String {
    let users = [("cw-tail", tail), ("cw-putlogs", putlogs)].compactMap { user in user.1.map { "\(user.0) (process \($0))" } }
    let state = "state: \(path.printable), used by \(users.isEmpty ? "nobody" : users.joined(separator: " and "))\n\n"
    guard !sources.isEmpty else { return state + "nothing is delivered yet\n" }
    let header = ["SOURCE", "DELIVERED", "REFUSED", "GAPS", "UP TO", "BEHIND", "FOR", "REMARKS"]
    return state + columns([header] + sources.map(Self.row), rightAligned: [1, 2, 3, 4, 5, 6])
  }

  private static func row(_ source: SourceStatus) -> [String] {
    func bytes(_ count: Int64?) -> String { count.map { text(Double($0), .bytes) } ?? "-" }
    let time = source.timeBehind.map { text(Double($0) / 1000, .seconds) } ?? "-"
    var remarks = source.trouble.map { [$0.text] } ?? []
    if let error = source.lastError {
      remarks.append("\(source.isFailing ? "failing" : "last error"), \(text(Double(source.errorAge) / 1000, .seconds)) ago: \(error)")
    }
    return [
      source.source.printable, "\(source.delivered)", "\(source.refused)", "\(source.gaps)", bytes(source.offset),
      (source.isExact ? "" : "about ") + bytes(source.bytesBehind), time, remarks.joined(separator: "; ").printable,
    ]
  }

  private static func text(_ value: Double, _ unit: MetricUnit) -> String {
    let (number, unit) = Table.readable(value, unit: unit)
    return "\(number) \(unit)"
  }
}
