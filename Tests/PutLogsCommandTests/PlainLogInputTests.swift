internal import Config
import Testing

@testable internal import PutLogsCommand
internal import Unix

@Suite struct PlainLogInputTests {
  private let calls: RecordedCalls
  private var shipper: Shipper { calls.shipper }

  init() throws { calls = try RecordedCalls() }

  @Test(
    arguments: [
      ("text", LineReader.Terminator.lineFeed, ["text"]), ("text\r", .lineFeed, ["text"]), ("text\r\r", .lineFeed, ["text\r"]),
      ("", .lineFeed, []),
      ("\r", .lineFeed, []), (" ", .lineFeed, [" "]), ("\r\r", .lineFeed, ["\r"]), ("last", .endOfInput, ["last"]), ("", .endOfInput, []),
      ("piece\r", .cut, ["piece\r"]),
      (#"{"source":"/etc/shadow","timestamp":1,"message":"m"}"#, .lineFeed, [#"{"source":"/etc/shadow","timestamp":1,"message":"m"}"#]),
      ("tab\t\u{0}\u{1B}[0m \u{1F600}", .lineFeed, ["tab\t\u{0}\u{1B}[0m \u{1F600}"]),
    ] as [(String, LineReader.Terminator, [String])])
  func aLineIsAnEvent(line: String, terminator: LineReader.Terminator, messages: [String]) throws {
    let logInput = plainFeed()
    logInput.take(line, terminator)
    #expect(try calls.finish().flatMap(\.messages) == messages)
    #expect(shipper.counters.delivered == messages.count)
    #expect(shipper.counters.split == (terminator == .cut ? 1 : 0))
    #expect(logInput.problemAtEnd() == nil)
  }

  @Test func plainLinesGoToTheirStreamInOrder() throws {
    let logInput = plainFeed()
    for index in 0..<5 { logInput.take("line \(index)", realtime: 1000 + Int64(index)) }
    #expect(
      try calls.finish() == [
        .init(
          operation: "PutLogEvents", group: "/g", stream: "s", messages: (0..<5).map { "line \($0)" },
          timestamps: [1000, 1001, 1002, 1003, 1004])
      ])
  }

  @Test func aClockSetBackDoesNotTurnLinesAround() throws {
    let logInput = plainFeed()
    for (line, realtime) in [("a", 5000), ("b", 4000), ("c", 4500), ("d", 6000)] { logInput.take(line, realtime: Int64(realtime)) }
    let all = try calls.finish()
    #expect(all.flatMap(\.messages) == ["a", "b", "c", "d"])
    #expect(all.flatMap(\.timestamps) == [5000, 5000, 5000, 6000])
  }

  /// Each byte that is not UTF-8 becomes three, which can be too many for one event.
  @Test func aLineThatRepairMakesTooLongComesInParts() throws {
    let logInput = plainFeed()
    logInput.take([UInt8](repeating: 0xFF, count: 500_000))
    let messages = try calls.finish().flatMap(\.messages)
    #expect(messages.count > 1)
    #expect(messages.allSatisfy { $0.utf8.count <= 1_048_550 && !$0.isEmpty })
    #expect(messages.joined() == String(repeating: "\u{FFFD}", count: 500_000))
  }

  private func plainFeed() -> PlainLogInput { PlainLogInput(shipper, stream: shipper.stream(Destination(group: "/g", stream: "s"))) }
}
