import ArgumentParser
import Testing
import Unix

@testable import LogFilterCommand

struct RecordFilterTests {
  /// A record; `position` empty for none.
  private func record(_ message: String, position: String = "", source: String = "/a") -> String {
    let token = position.isEmpty ? "" : #","position":"\#(position)""#
    return #"{"source":"\#(source)"\#(token),"timestamp":1,"message":"\#(message)"}"# + "\n"
  }

  private func done(_ position: String, source: String = "/a") -> String { #"{"source":"\#(source)","position":"\#(position)"}"# + "\n" }
  private func end(_ count: Int) -> String { "{\"end\":\(count)}\n" }

  private func run(_ arguments: [String], _ lines: String...) throws -> FilterRun {
    try FilterRun(["--records"] + arguments, Array(lines.joined().utf8))
  }

  @Test func keptRecordsPassByteForByte() throws {
    let odd = #" { "message" : "\u0065rror" , "x":[1,{"y":null}], "timestamp":1e3,"source":"\/a" } "# + "\n"
    let other = #"{"source":"/a","position":"p","timestamp":1,"message":"error ö \\ \"","group":"g","stream":"s"}"# + "\n"
    let run = try run(["--include", "error"], odd, record("fine"), other, end(3))
    #expect(run.output == odd + other + end(2))
    #expect(run.status == .done)
    #expect(run.warnings == [])
  }

  static let messages: [(String, String, Bool)] = [
    (#"a"b"#, #"a\"b"#, true), (#"a\\b"#, #"a\\b"#, true), ("a\tb", #"a\tb"#, true), ("^b", #"a\nb"#, false), ("(?m)^b$", #"a\nb"#, true),
    ("größe", #"gr\u00f6\u00dfe"#, true), ("n", #"\n"#, false), ("a.c", "a\u{FFFD}c", true), ("^$", "", true),
    ("😀", #"\ud83d\ude00"#, true),
  ]
  @Test(arguments: messages)
  func theMessageIsMatchedUnescaped(_ pattern: String, _ message: String, _ isKept: Bool) throws {
    let run = try run(["--include", pattern], record(message), end(1))
    #expect(run.output == (isKept ? record(message) + end(1) : end(0)))
  }

  @Test func theLatestDroppedPositionIsPassedOnAtTheEnd() throws {
    let run = try run(
      ["--exclude", "no"], record("no", position: "1"), record("no", position: "2"), record("no"),
      record("no", position: "9", source: "/b"), end(4))
    #expect(run.output == done("2") + done("9", source: "/b") + end(2))
  }

  /// It holds for the records behind it.
  @Test func theClockOfADroppedRecordIsPassedOn() throws {
    func record(_ message: String, _ more: String = "") -> String {
      #"{"source":"/a"\#(more),"timestamp":1,"message":"\#(message)"}"# + "\n"
    }
    let clock = #","clock":"1:2:3""#
    let run = try run(
      ["--exclude", "no"], record("no", clock), record("no"), record("yes"), record("no", clock), record("yes", clock), end(5))
    #expect(run.output == #"{"source":"/a"\#(clock)}"# + "\n" + record("yes") + record("yes", clock) + end(3))
    let both = try self.run(["--exclude", "no"], record("no", clock), record("no", #","position":"1""#), end(2))
    #expect(both.output == #"{"source":"/a","position":"1"\#(clock)}"# + "\n" + end(1))
  }

  /// An empty position says that the source is gone: it supersedes all others, and the source may come again.
  @Test func aSourceThatIsGoneIsForgotten() throws {
    let run = try run(
      ["--exclude", "no"], record("no", position: "1"), done(""), record("yes"), record("no", position: "2"), done("", source: "/b"), end(5)
    )
    #expect(run.output == done("") + record("yes") + done("", source: "/b") + done("2") + end(4))
  }

  /// One with a position of its own, that is; before another one, the dropped position may be the only one that covers those kept
  /// before it.
  @Test func aKeptRecordSupersedesWhatWasDroppedBeforeIt() throws {
    let kept = record("yes", position: "3")
    #expect(try run(["--exclude", "no"], record("no", position: "2"), kept, end(2)).output == kept + end(1))
    let silent = record("yes")
    #expect(try run(["--exclude", "no"], record("no", position: "2"), silent, end(2)).output == done("2") + silent + end(2))
    #expect(
      try run(["--exclude", "no"], record("no", position: "2"), silent, record("no", position: "4"), end(3)).output
        == done("2") + silent + done("4") + end(3))
    let other = record("yes", source: "/b")
    #expect(try run(["--exclude", "no"], record("no", position: "2"), other, end(2)).output == other + done("2") + end(2))
  }

  @Test func aThousandDroppedRecordsSayHowFarTheyAre() throws {
    let input = (1...2500).map { record("no", position: "\($0)") }.joined()
    #expect(try run(["--exclude", "no"], input, end(2500)).output == done("1000") + done("2000") + done("2500") + end(3))
  }

  @Test func whatDeliversNothingPasses() throws {
    let idle = done("7")
    #expect(try run(["--include", "x"], idle, end(1)).output == idle + end(1))
    #expect(try run(["--include", "x"], record("no", position: "6"), idle, end(2)).output == idle + end(1))
  }

  @Test func whatSaysThatLinesAreLostPassesAnyPattern() throws {
    let gap = #"{"source":"/a","timestamp":1,"message":"lost","gap":true}"# + "\n"
    let run = try run(["--exclude", "lost"], record("lost too"), gap, end(2))
    #expect(run.output == gap + end(1))
  }

  @Test func linesThatAreNoRecordsAreDroppedAndCounted() throws {
    let run = try run([], "text\n", record("a"), "\n", #"{"source":"/a"# + "\n", end(4))
    #expect(run.output == record("a") + end(1))
    #expect(run.warnings.count == 1)
    #expect(run.warnings.first?.contains("not a JSON object") == true)
    #expect(run.status == .dataRefused)
    #expect(run.failure?.hasPrefix("3 lines ") == true)
  }

  @Test func aRecordTooLongIsDropped() throws {
    let long = record(String(repeating: "x", count: 7 << 20))
    let run = try run([], record("a"), long, record("b"), end(3))
    #expect(run.output == record("a") + record("b") + end(2))
    #expect(run.status == .dataRefused)
  }

  static let ends: [(String, String, String)] = [
    ("", "", "without its end record"), ("R", "R", "without its end record"), ("RH", "R", "without its end record"),
    ("R1H", "R", "without its end record"),
    ("R2", "R", "has 2 records, but 1 came"), ("R1R", "RR", "without its end record"), ("1", "", "has 1 records, but 0 came"),
    ("Rh", "R", "without its end record"),
  ]
  @Test(arguments: ends)
  func aStreamThatBrokeOffHasNoEnd(_ input: String, _ output: String, _ message: String) throws {
    func text(_ code: String) -> String {
      code.map { letter in
        switch letter {
        case "R": record("a", position: "1")
        case "H": #"{"source":"/a","position":"2","timest"#
        case "h": #"{"end":1}"#
        default: end(letter.wholeNumberValue ?? 0)
        }
      }.joined()
    }
    let run = try run([], text(input))
    #expect(run.output == text(output))
    #expect(run.status == .upstreamBroke)
    #expect(run.failure?.contains(message) == true)
  }

  @Test func twoStreamsMayFollowEachOther() throws {
    let run = try run(["--exclude", "no"], record("a"), end(1), record("b"), record("no"), end(2))
    #expect(run.output == record("a") + record("b") + end(2))
    #expect(run.status == .done)
  }

  /// A pipe that stays open: what was read is written before the next line is there.
  @Test(.timeLimit(.minutes(1))) func nothingWaitsForTheNextLine() async throws {
    var input: [Int32] = [0, 0]
    var output: [Int32] = [0, 0]
    try #require(pipe(&input) == 0 && pipe(&output) == 0)
    let (source, sink) = (input[0], output[1])
    let filter = Task.detached {
      defer {
        close(source)
        close(sink)
      }
      try LogFilter.parse(["--records", "--exclude", "no"]).filter(input: source, output: sink) { _ in }
    }
    func write(_ text: String) throws { try Array(text.utf8).withUnsafeBytes { try Descriptor.writeAll(input[1], $0) } }
    let reader = LineReader(descriptor: output[0], maximumLength: 1000)
    func next() throws -> String {
      while true {
        if let line = reader.next() { return line.bytes.text + "\n" }
        try #require(!reader.isAtEnd)
        try reader.fill()
      }
    }
    try write(record("a"))
    #expect(try next() == record("a"))
    try write(record("no", position: "5"))
    #expect(try next() == done("5"))
    try write(end(2))
    close(input[1])
    #expect(try next() == end(2))
    try await filter.value
    close(output[0])
  }

  @Test(.timeLimit(.minutes(1))) func noticesThatNobodyReadsAnyMore() async throws {
    var input: [Int32] = [0, 0]
    var output: [Int32] = [0, 0]
    try #require(pipe(&input) == 0 && pipe(&output) == 0)
    close(output[0])
    let (source, sink) = (input[0], output[1])
    // The input stays open and quiet; without the watch on its output the filter would wait for ever.
    await #expect {
      try await Task.detached { try LogFilter.parse(["--records"]).filter(input: source, output: sink) { _ in } }.value
    } throws: {
      ($0 as? SystemError)?.code == EPIPE
    }
    for descriptor in [input[0], input[1], output[1]] { close(descriptor) }
  }
}
