internal import Records
internal import Testing
internal import TestSupport
internal import Unix

@testable internal import Config
@testable internal import TailCommand

/// A `Journal` at work, and what it has written and said.
final class JournalRun {
  let journal: Journal
  private let scratch: ScratchJournal  // while we read it
  private let said = Said()
  private let writer = LogRecordWriter(buffer: ByteBuffer())
  /// Bytes written by each call of `read` that wrote something.
  private(set) var turns: [Int] = []

  private final class Said { var sentences: [String] = [] }

  init(
    _ scratch: ScratchJournal, _ selection: JournalSelection = JournalSelection(), start: Journal.Start = .start, position: String? = nil,
    once: Bool = true, program: String? = nil
  ) {
    self.scratch = scratch
    journal = Journal(
      selection, start: start, position: position, once: once, program: program ?? scratch.program, root: scratch.root,
      onTrouble: { [said] in said.sentences.append($0) })
  }

  var validationErrors: [String] { said.sentences }

  /// Calls `read` as a loop does, until it is over or `isEnough`.
  func run(until isEnough: () throws -> Bool = { false }) throws {
    let deadline = Clock.monotonicNanoseconds() + 60_000_000_000
    while try !journal.isOver && !isEnough() {
      try #require(Clock.monotonicNanoseconds() < deadline, "it does not come to an end; written: \(output.text.suffix(300))")
      let before = writer.buffer.count
      let hasMore = try journal.read(into: writer)
      if writer.buffer.count > before { turns.append(writer.buffer.count - before) }
      if hasMore || journal.isOver { continue }
      var poll = pollfd(fd: journal.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
      _ = Unix.poll(&poll, 1, 100)
    }
  }

  var output: ByteBuffer { writer.buffer }

  /// The messages, without the gap reports.
  func events() throws -> [String] { try messages().filter { !$0.hasPrefix("cw-tail: ") } }
  func gaps() throws -> [String] { try messages().filter { $0.hasPrefix("cw-tail: ") } }
  func messages() throws -> [String] { try records().compactMap(\.message) }
  func records() throws -> [WrittenRecord] { try WrittenRecord.all(output.array) }

  /// Positions, each with the number of events up to it.
  func positions() throws -> [(token: String, events: Int)] {
    var events = 0
    return try output.array.split(separator: 0x0A).compactMap { line in
      let record = try JSONValue(line)
      if record["message"] != nil { events += 1 }
      return record["position"]?.string.map { ($0, events) }
    }
  }

  func lastPosition() throws -> String { try #require(try positions().last).token }

  /// Numbers of `entry N`.
  func numbers() throws -> [Int] { try events().compactMap { $0.split(separator: " ").last.flatMap { Int($0) } } }
}
