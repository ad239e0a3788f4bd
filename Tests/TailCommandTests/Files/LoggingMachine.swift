internal import Records
internal import TestSupport
internal import Unix
@testable internal import TailCommand

/// A machine that writes and rotates a log, with a `cw-tail` that is started, killed and started again, and a delivery that takes
/// what a position covers. Its clocks are its own.
final class LoggingMachine {
  let folder: TemporaryFolder
  var patterns = ["app.log"]
  var start = Follower.Start.start
  /// What the state directory says.
  var memory = StoredPositions(.missing)
  /// Lines in the order in which they were written, whole ones and those that rotation has ended.
  private(set) var written: [String] = []
  /// Messages in the order in which they were delivered.
  private(set) var delivered: [String] = []
  private(set) var sources: Set<String> = []
  private(set) var gaps: [String] = []
  private(set) var troubles: [String] = []

  private var half = ""
  private var follower: Follower?
  private var output: [UInt8] = []
  private var monotonic: Int64 = 1_000_000_000_000
  private var realtime: Int64 = 1_795_341_600_000
  private var stored: [(source: String, position: String)] = []

  init() throws { folder = try TemporaryFolder() }

  // MARK: - the writer

  func write(_ text: String) throws {
    try folder.append("app.log", text)
    touch("app.log")
  }

  /// Numbered lines, the last one perhaps without its LF yet.
  func writeLines(_ count: Int, ending: Bool) throws {
    var text = ""
    for index in 0..<count {
      let part = "\(written.count) \(String(repeating: "x", count: (written.count * 7) % 90))"
      text += part
      half += part
      if index < count - 1 || ending {
        text += "\n"
        endLine()
      }
    }
    try write(text)
  }

  private func endLine() {
    if !half.isEmpty { written.append(half) }
    half = ""
  }

  /// Stamps a file with a time of this machine.
  func touch(_ name: String) {
    realtime += 1000
    let time = timespec(tv_sec: Int(realtime / 1000), tv_nsec: Int(realtime % 1000) * 1_000_000)
    utimensat(AT_FDCWD, folder.file(name), [time, time], 0)
  }

  private func exists(_ name: String) -> Bool { access(folder.file(name), F_OK) == 0 }

  private func shift() throws {
    for number in stride(from: 40, through: 1, by: -1) {
      for suffix in ["", ".gz"] where exists("app.log.\(number)\(suffix)") {
        try folder.rename("app.log.\(number)\(suffix)", to: "app.log.\(number + 1)\(suffix)")
      }
    }
  }

  /// By renaming, as logrotate does it.
  func rotate(compress: Bool = false) throws {
    guard exists("app.log") else { return }
    try shift()
    try folder.rename("app.log", to: "app.log.1")
    endLine()
    if compress { try self.compress("app.log.1") }
  }

  private var rotations = 0

  /// By renaming, under other names.
  func rotate(_ names: InventedNames, compress: Bool = false) throws {
    guard exists("app.log") else { return }
    if names == .folder, rotations == 0 { try folder.makeFolder("archive") }
    rotations += 1
    if names.shifts {
      for number in stride(from: rotations - 1, through: 1, by: -1) {
        for suffix in ["", ".gz"] where exists(names.name(number) + suffix) {
          try folder.rename(names.name(number) + suffix, to: names.name(number + 1) + suffix)
        }
      }
    }
    let name = names.name(names.shifts ? 1 : rotations)
    try folder.rename("app.log", to: name)
    endLine()
    if compress { try self.compress(name) }
  }

  /// `copytruncate`.
  func copyAndTruncate() throws {
    guard exists("app.log") else { return }
    try shift()
    try folder.append("app.log.1", TextFile.read(folder.file("app.log")))
    touch("app.log.1")
    try folder.overwrite("app.log", "")
    touch("app.log")
    endLine()
  }

  private func compress(_ name: String) throws {
    guard try ChildProcess.run(["gzip", "-f", folder.file(name)], outputLimit: 1000, seconds: 10).termination == .exited(0) else {
      throw SystemError("compress \(name)", code: EIO)
    }
  }

  // MARK: - cw-tail

  /// - Parameter isReal: false if the wall clock is set instead of time passing.
  func pass(seconds: Int, isReal: Bool = true) {
    if isReal { monotonic += Int64(seconds) * 1_000_000_000 }
    realtime += Int64(seconds) * 1000
  }

  /// Ends the running `cw-tail`, if there is one, and starts another.
  /// - Parameter kill: so many of its last records came through; nil: all.
  func start(kill records: Int? = nil) throws {
    try stop(kill: records)
    var options = Follower.Options { _ in try EventAssembler(EventAssembler.Rules()) }
    options.start = { [start] _ in start }
    options.monotonic = { [unowned self] in monotonic }
    options.realtime = { [unowned self] in realtime }
    options.onTrouble = { [unowned self] in troubles.append($0) }
    options.warn = { [unowned self] in gaps.append($0) }
    let follower = Follower(
      FileFinder(patterns, workingDirectory: folder.path), stored: memory,
      output: RecordOutput { [unowned self] in
        output += Array($0)
        return $0.count
      }, options: options)
    self.follower = follower
    follower.scan()
    try readPass()
  }

  /// Looks at the paths and reads what there is.
  func readPass() throws {
    guard let follower else { return }
    follower.quickScan()
    while try follower.readPass() != .done {}
  }

  func stop(kill records: Int? = nil) throws {
    guard let follower else { return }
    while try follower.readPass() != .done {}
    self.follower = nil
    try deliver(records)
  }

  /// A run from start to stop; what it delivered.
  @discardableResult
  func run(during: (LoggingMachine) throws -> Void = { _ in }) throws -> [String] {
    let before = delivered.count
    try start()
    try during(self)
    for _ in 0..<10 {
      pass(seconds: 5)
      try readPass()
    }
    try stop()
    return Array(delivered[before...])
  }

  /// Everything that is there is delivered.
  func finish() throws {
    try folder.append("app.log", "\n")
    touch("app.log")
    endLine()
    for _ in 0..<2 { try run() }
  }

  // As cw-putlogs has it: what no position covers is not sent.
  private func deliver(_ limit: Int?) throws {
    var lines = output.split(separator: 0x0A)
    if let limit { lines = Array(lines.prefix(limit)) }
    output = []
    var waiting: [String: [String]] = [:]
    for line in lines {
      try line.withUnsafeBytes { bytes in
        guard case .record(let record) = LogRecord.parse(bytes) else { throw SystemError("parse a record", code: EINVAL) }
        let source = record.source.text
        if record.messageLength > 0, let message = record.message { waiting[source, default: []].append(message.text) }
        guard let position = record.position else { return }
        let messages = waiting.removeValue(forKey: source) ?? []
        if !messages.isEmpty { sources.insert(source) }
        delivered += messages
        stored.removeAll { $0.source == source }
        stored.append((source, position.text))
      }
    }
    let states = stored.map { SourceState(source: Array($0.source.utf8), position: Array($0.position.utf8), seen: 0) }
    memory = StoredPositions(.sources(states))
  }
}
