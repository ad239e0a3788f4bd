internal import MetricOutput
internal import Records
internal import Unix

/// The state of delivery, from the state directory and the files. No lock is taken, so a running pipe is not disturbed.
struct StatusReport {
  private let path: String
  /// The processes that hold the locks; nil: none does.
  let tail: Int32?
  let putlogs: Int32?
  let sources: [SourceStatus]

  /// - Parameters:
  ///   - finder: finds what is followed; nil: what the stored positions name is followed.
  ///   - isIncluded: whether a source is reported.
  ///   - now: milliseconds since the epoch.
  /// - Throws: `CommandError` if there is no usable state.
  init(
    _ directory: StateDirectory, journal: JournalStorage = JournalStorage(root: ""), finder: FileFinder? = nil, now: Int64,
    isIncluded: @escaping (String) -> Bool = { _ in true }, adjust: (inout Follower.Options) -> Void = { _ in }
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
      let stored = StoredPositions(content)
      let backlogs = try Backlog.all(finder ?? Self.finder(stored), behind: stored) { options in
        options.includes = isIncluded
        adjust(&options)
      }
      let told = states.filter { isIncluded($0.sourceText) }
        .compactMap { SourceStatus($0, backlog: backlogs[Array($0.sourceText.utf8)], now: now, journalWritten: { journal.lastWritten }) }
      // Files that the patterns find and that have no stored position yet.
      let untold = backlogs.values.filter { stored.position(of: $0.path) == nil && $0.bytes > 0 }
        .map { SourceStatus(undelivered: $0.path, backlog: $0, now: now) }
      sources = (told + untold).sorted { $0.source < $1.source }
    }
  }

  // Finds what was followed: the stored globs, and stored paths that none of them matches.
  private static func finder(_ stored: StoredPositions) -> FileFinder {
    let sources = stored.sources.filter { $0.hasPrefix("/") }
    let globs = sources.filter { Glob.isPattern($0) && stored.position(of: $0)?.isNowhere == true }
    return FileFinder(whole: globs + sources.filter { source in !globs.contains { FileFinder.matches($0, source) } })
  }

  /// The exit status for this report.
  /// - Parameter limit: how long events may wait, in milliseconds.
  func status(limit: Int64) -> ExitStatus {
    if tail == nil, putlogs == nil { return .unavailable }
    return sources.contains { $0.needsAttention(limit: limit) } ? .tryAgain : .done
  }

  // MARK: - for CloudWatch

  private struct StatusMetric {
    let name: String
    let unit: MetricUnit
    let value: @Sendable (SourceStatus) -> Double?
    /// Combines the values of two sources.
    var combine: @Sendable (Double, Double) -> Double = { $0 + $1 }
  }

  private static let metrics = [
    StatusMetric(name: "LogEventsDelivered", unit: .count, value: { Double($0.delivered) }),
    StatusMetric(name: "LogEventsRefused", unit: .count, value: { Double($0.refused) }),
    StatusMetric(name: "LogGaps", unit: .count, value: { Double($0.gaps) }),
    StatusMetric(name: "LogLagBytes", unit: .bytes, value: { $0.bytesBehind.map { Double($0) } }),
    StatusMetric(name: "LogLagSeconds", unit: .seconds, value: { $0.timeBehind.map { Double($0) / 1000 } }, combine: max),
  ]

  /// The known metrics of each source.
  func records(_ commonDimensions: CommonDimensions, now: Int64) -> [MetricRecord] {
    sources.flatMap { source in
      Self.metrics.compactMap { metric in
        metric.value(source).map {
          commonDimensions.record(
            metric.name, $0, metric.unit, timestamp: now, own: [.init(name: "Source", value: Self.dimension(source.source))])
        }
      }
    }
  }

  /// The metrics of all sources together: the sum, or for the lag in seconds the maximum.
  func totals(_ commonDimensions: CommonDimensions, now: Int64) -> [MetricRecord] {
    Self.metrics.compactMap { metric in
      let values = sources.compactMap(metric.value)
      guard let first = values.first else { return nil }
      return commonDimensions.record(metric.name, values.dropFirst().reduce(first, metric.combine), metric.unit, timestamp: now, own: [])
    }
  }

  /// The value of a dimension for a source: CloudWatch takes 1,024 bytes of printable ASCII ("Dimension", API Reference). Other bytes are
  /// percent-encoded (`%C3`); of a longer name the end remains, which is more specific.
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
    func bytes(_ count: Int64?) -> String { count.map { Table.text(Double($0), unit: .bytes) } ?? "-" }
    let time = source.timeBehind.map { Table.text(Double($0) / 1000, unit: .seconds) } ?? "-"
    var remarks = source.troubleText.map { [$0] } ?? []
    if let error = source.lastError {
      let age = Table.text(Double(source.errorAge) / 1000, unit: .seconds)
      remarks.append("\(source.isFailing ? "failing" : "last error"), \(age) ago: \(error)")
    }
    return [
      source.source.printable, "\(source.delivered)", "\(source.refused)", "\(source.gaps)", bytes(source.offset),
      (source.isExact ? "" : "about ") + bytes(source.bytesBehind), time, remarks.joined(separator: "; ").printable,
    ]
  }
}
