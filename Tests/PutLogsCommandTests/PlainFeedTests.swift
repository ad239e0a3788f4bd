internal import Config
import Testing

@testable internal import PutLogsCommand
internal import Unix

@Suite struct PlainFeedTests {
  private let calls: RecordedCalls
  private var shipper: Shipper { calls.shipper }

  init() throws { calls = try RecordedCalls() }

  @Test(
    arguments: [
      ("text", LineReader.Ending.lineFeed, ["text"]), ("text\r", .lineFeed, ["text"]), ("text\r\r", .lineFeed, ["text\r"]),
      ("", .lineFeed, []),
      ("\r", .lineFeed, []), (" ", .lineFeed, [" "]), ("\r\r", .lineFeed, ["\r"]), ("last", .endOfInput, ["last"]), ("", .endOfInput, []),
      ("piece\r", .cut, ["piece\r"]),
      (#"{"source":"/etc/shadow","timestamp":1,"message":"m"}"#, .lineFeed, [#"{"source":"/etc/shadow","timestamp":1,"message":"m"}"#]),
      ("tab\t\u{0}\u{1B}[0m \u{1F600}", .lineFeed, ["tab\t\u{0}\u{1B}[0m \u{1F600}"]),
    ] as [(String, LineReader.Ending, [String])])
  func aLineIsAnEvent(line: String, ending: LineReader.Ending, messages: [String]) throws {
    let feed = plainFeed()
    feed.take(line, ending)
    #expect(try calls.finish().flatMap(\.messages) == messages)
    #expect(shipper.tally.delivered == messages.count)
    #expect(shipper.tally.split == (ending == .cut ? 1 : 0))
    #expect(feed.problemAtEnd() == nil)
  }

  @Test func plainLinesGoToTheirStreamInOrder() throws {
    let feed = plainFeed()
    for index in 0..<5 { feed.take("line \(index)", realtime: 1000 + Int64(index)) }
    #expect(
      try calls.finish() == [
        .init(
          operation: "PutLogEvents", group: "/g", stream: "s", messages: (0..<5).map { "line \($0)" },
          timestamps: [1000, 1001, 1002, 1003, 1004])
      ])
  }

  @Test func aClockSetBackDoesNotTurnLinesAround() throws {
    let feed = plainFeed()
    for (line, realtime) in [("a", 5000), ("b", 4000), ("c", 4500), ("d", 6000)] { feed.take(line, realtime: Int64(realtime)) }
    let all = try calls.finish()
    #expect(all.flatMap(\.messages) == ["a", "b", "c", "d"])
    #expect(all.flatMap(\.timestamps) == [5000, 5000, 5000, 6000])
  }

  /// Each byte that is not UTF-8 becomes three, which can be too many for one event.
  @Test func aLineThatRepairMakesTooLongComesInParts() throws {
    let feed = plainFeed()
    feed.take([UInt8](repeating: 0xFF, count: 500_000))
    let messages = try calls.finish().flatMap(\.messages)
    #expect(messages.count > 1)
    #expect(messages.allSatisfy { $0.utf8.count <= 1_048_550 && !$0.isEmpty })
    #expect(messages.joined() == String(repeating: "\u{FFFD}", count: 500_000))
  }

  private func plainFeed() -> PlainFeed { PlainFeed(shipper, stream: shipper.stream(Destination(group: "/g", stream: "s"))) }
}
