import Testing

internal import ArgumentParser
internal import MetricOutput
internal import Records
@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite final class StatusReportTests {
  private let folder: TemporaryFolder
  private let directory: StateDirectory
  private let now: Int64 = 1_795_341_600_000

  init() throws {
    folder = try TemporaryFolder()
    directory = StateDirectory(folder.file("state"))
  }

  private func store(_ states: [SourceState]) throws {
    try directory.create()
    let body = ByteBuffer()
    for state in states { state.append(to: body) }
    try PositionFile(path: directory.positions).store(body)
  }

  private func report(isIncluded: @escaping (String) -> Bool = { _ in true }) throws -> StatusReport {
    try StatusReport(directory, journal: JournalStorage(root: folder.path), now: now, isIncluded: isIncluded)
  }

  private func file(_ name: String, _ text: String, offset: Int64, hoursAgo: Int64) throws -> SourceState {
    try folder.append(name, text)
    var position = try FollowedFile(FileByteSource(path: folder.file(name)), offset: offset).position
    position.modified = now - hoursAgo * 3600_000
    var state = SourceState(
      source: SourceState.escaped(folder.file(name)), position: SourceState.escaped(LogPosition(files: [position]).text),
      seen: now - 3600_000)
    (state.delivered, state.refused, state.gaps) = (1000, 2, 1)
    return state
  }

  private func journal() -> SourceState {
    var state = SourceState(
      source: SourceState.escaped("journal"),
      position: SourceState.escaped(JournalPosition(cursor: "s=1", time: (now - 30_000) * 1000).token), seen: now - 30_000)
    state.delivered = 7
    return state
  }

  // A process that holds the lock of cw-tail, as long as the returned value lives.
  private func running() throws -> ChildProcess {
    try directory.create()
    let script = """
      import fcntl, sys, time
      file = open(sys.argv[1], "a")
      fcntl.lockf(file, fcntl.LOCK_EX, 1, 0)
      print("!", end="", flush=True)
      time.sleep(60)
      """
    let child = try ChildProcess(["python3", "-c", script, directory.lock])
    var bytes = [UInt8](repeating: 0, count: 1)
    #expect(read(child.output, &bytes, 1) == 1)
    return child
  }

  @Test func tellsPeople() throws {
    var denied = try file("denied.log", "one\ntwo\n", offset: 4, hoursAgo: 3)
    (denied.lastError, denied.lastErrorTime) = ("not\nauthorized", now - 300_000)
    let nowhere = SourceState(
      source: SourceState.escaped("/x/*.log"), position: SourceState.escaped(LogPosition.nowhere(at: 0).text), seen: now)
    try store([journal(), denied, nowhere, file("app.log", "one\n", offset: 4, hoursAgo: 1)])
    let child = try running()
    let width = folder.file("denied.log").count
    func name(_ text: String) -> String { text + String(repeating: " ", count: width - text.count) }
    #expect(
      try report().table() == """
        state: \(directory.path), used by cw-tail (process \(child.processId))

        \(name("SOURCE"))  DELIVERED  REFUSED  GAPS  UP TO  BEHIND     FOR  REMARKS
        \(name(folder.file("app.log")))       1000        2     1  4.0 B   0.0 B   0.0 s  
        \(folder.file("denied.log"))       1000        2     1  4.0 B   4.0 B   3.0 h  failing, 5.0 min ago: not\\nauthorized
        \(name("journal"))          7        0     0      -       -  30.0 s  

        """)
    #expect(try report().status(limit: 60_000) == .tryAgain)
  }

  @Test func tellsCloudWatch() throws {
    try store([journal(), file("app.log", "one\ntwo\n", offset: 4, hoursAgo: 2)])
    let commonDimensions = CommonDimensions(namespace: "System/Pi", interval: 300, instanceId: "pi-1", hostname: "pi")
    let records = try report().records(commonDimensions, now: now)
    func record(_ source: String, _ name: String, _ value: Double, _ unit: String) -> MetricRecord {
      MetricRecord(
        namespace: "System/Pi", name: name, measurement: .value(value), unit: unit, timestamp: now,
        dimensions: commonDimensions.dimensions + [.init(name: "Source", value: source)])
    }
    let app = folder.file("app.log")
    #expect(
      records == [
        record(app, "LogEventsDelivered", 1000, "Count"), record(app, "LogEventsRefused", 2, "Count"), record(app, "LogGaps", 1, "Count"),
        record(app, "LogLagBytes", 4, "Bytes"), record(app, "LogLagSeconds", 7200, "Seconds"),
        record("journal", "LogEventsDelivered", 7, "Count"), record("journal", "LogEventsRefused", 0, "Count"),
        record("journal", "LogGaps", 0, "Count"), record("journal", "LogLagSeconds", 30, "Seconds"),
      ])
  }

  @Test func tellsCloudWatchOfAllTogether() throws {
    try store([
      journal(), file("app.log", "one\ntwo\n", offset: 4, hoursAgo: 2), file("b.log", "one\ntwo\nthree\n", offset: 4, hoursAgo: 1),
    ])
    let commonDimensions = CommonDimensions(namespace: "System/Pi", interval: 300, instanceId: "pi-1", hostname: "pi")
    let records = try report().totals(commonDimensions, now: now)
    #expect(records.map(\.name) == ["LogEventsDelivered", "LogEventsRefused", "LogGaps", "LogLagBytes", "LogLagSeconds"])
    #expect(records.map(\.measurement) == [.value(2007), .value(4), .value(2), .value(14), .value(7200)])
    #expect(records.allSatisfy { $0.dimensions == commonDimensions.dimensions })
  }

  @Test(arguments: [
    ("/var/log/app 1%.log", "/var/log/app 1%.log"), ("/caf\u{E9}\n", "/caf%C3%A9%0A"),
    ("/x" + String(repeating: "y", count: 1024), String(repeating: "y", count: 1024)),
  ])
  func aDimensionIsPrintableASCII(source: String, dimension: String) {
    #expect(StatusReport.dimension(source) == dimension)
  }

  @Test func ofASourceThatIsGoneNothingIsInvented() throws {
    let state = try file("app.log", "one\n", offset: 4, hoursAgo: 0)
    try folder.remove("app.log")
    try store([state])
    let names = try report().records(CommonDimensions(namespace: nil, interval: nil, instanceId: "a", hostname: "b"), now: now).map(\.name)
    #expect(names == ["LogEventsDelivered", "LogEventsRefused", "LogGaps"])
    #expect(try report().table().contains("its file is gone"))
  }

  @Test func aLogThatIsGoneTakesNoOtherOfEqualContent() throws {
    let nowhere = SourceState(
      source: SourceState.escaped(folder.file("*.log")), position: SourceState.escaped(LogPosition.nowhere(at: 0).text), seen: now)
    try store([file("a0.log", "one\n", offset: 4, hoursAgo: 1), file("a1.log", "one\n", offset: 4, hoursAgo: 1), nowhere])
    try folder.remove("a0.log")
    #expect(try report().sources.map(\.trouble) == [.gone, nil])
    #expect(try report().sources.map(\.bytesBehind) == [nil, 0])
  }

  @Test func onlyWhatIsMeant() throws {
    try store([journal(), file("app.log", "one\n", offset: 4, hoursAgo: 0)])
    #expect(try report { $0 == "journal" }.sources.map(\.source) == ["journal"])
  }

  @Test(arguments: [true, false])
  func theStatusIsThatOfAllSources(runs: Bool) throws {
    try store([journal(), file("app.log", "one\n", offset: 4, hoursAgo: 5)])
    let child = runs ? try running() : nil
    #expect(try report().status(limit: 60_000) == (runs ? .done : .unavailable))
    withExtendedLifetime(child) {}
  }

  @Test func aStateThatIsNotThere() throws {
    let error = thrown(CommandError.self) { _ = try report() }
    #expect(error?.status == .unavailable)
    #expect(error?.message.contains(directory.path) == true)
    // Nothing was made by asking.
    #expect(access(directory.path, F_OK) != 0)
    let child = try running()
    #expect(try report().table() == "state: \(directory.path), used by cw-tail (process \(child.processId))\n\nnothing is delivered yet\n")
    #expect(try report().status(limit: 60_000) == .done)
  }

  @Test func aStateThatIsDamaged() throws {
    try store([journal()])
    try folder.overwrite("state/positions", "cw-positions 1 nonsense\n")
    let error = thrown(CommandError.self) { _ = try report() }
    #expect(error?.status == .tryAgain)
    #expect(error?.message.contains("\(directory.positions) is damaged") == true)
  }

  @Test(
    "command lines",
    arguments: [
      (["--status", "--state", "d"], true), (["--status", "-c", "f", "--format", "json"], true), (["--format", "json", "x"], false),
      (["--status", "x"], false), (["--status", "--once"], false), (["--status", "--journal"], false),
      (["--status", "--from", "end"], false), (["--status", "--format", "xml"], false),
    ])
  func arguments(arguments: [String], isValid: Bool) {
    #expect(((try? Tail.parse(arguments)) != nil) == isValid)
  }
}
