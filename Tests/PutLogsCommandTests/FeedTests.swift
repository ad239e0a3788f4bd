import Testing

@testable internal import PutLogsCommand
internal import Records
internal import TestSupport
internal import Tool
@testable internal import Unix

@Suite struct FeedTests {
  private let calls: RecordedCalls
  private var shipper: Shipper { calls.shipper }

  init() throws { calls = try RecordedCalls() }

  // MARK: - plain lines

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
    take(feed, line, ending)
    #expect(try calls.finish().flatMap(\.messages) == messages)
    #expect(shipper.tally.delivered == messages.count)
    #expect(shipper.tally.split == (ending == .cut ? 1 : 0))
    #expect(feed.problemAtEnd() == nil)
  }

  @Test func plainLinesGoToTheirStreamInOrder() throws {
    let feed = plainFeed()
    for index in 0..<5 { take(feed, "line \(index)", realtime: 1000 + Int64(index)) }
    #expect(
      try calls.finish() == [
        .init(
          operation: "PutLogEvents", group: "/g", stream: "s", messages: (0..<5).map { "line \($0)" },
          timestamps: [1000, 1001, 1002, 1003, 1004])
      ])
  }

  @Test func aClockSetBackDoesNotTurnLinesAround() throws {
    let feed = plainFeed()
    for (line, realtime) in [("a", 5000), ("b", 4000), ("c", 4500), ("d", 6000)] { take(feed, line, realtime: Int64(realtime)) }
    let all = try calls.finish()
    #expect(all.flatMap(\.messages) == ["a", "b", "c", "d"])
    #expect(all.flatMap(\.timestamps) == [5000, 5000, 5000, 6000])
  }

  /// Each byte that is not UTF-8 becomes three, which can be too many for one event.
  @Test func aLineThatRepairMakesTooLongComesInParts() throws {
    let feed = plainFeed()
    take(feed, [UInt8](repeating: 0xFF, count: 500_000), .lineFeed)
    let messages = try calls.finish().flatMap(\.messages)
    #expect(messages.count > 1)
    #expect(messages.allSatisfy { $0.utf8.count <= 1_048_550 && !$0.isEmpty })
    #expect(messages.joined() == String(repeating: "\u{FFFD}", count: 500_000))
  }

  // MARK: - records

  @Test func recordsGoToTheStreamsOfTheirSources() throws {
    let feed = recordFeed()
    for line in [
      #"{"source":"/a","position":"1","timestamp":1,"message":"a1"}"#, #"{"source":"/b","timestamp":1,"message":"b1"}"#,
      #"{"source":"/a","timestamp":2,"message":"a\u0032\n"}"#, #"{"source":"/a","position":"2"}"#,
      #"{"source":"/b","timestamp":2,"message":""}"#,
      #"{"source":"/a","timestamp":3,"message":"elsewhere","stream":"other"}"#,
      #"{"source":"/a","timestamp":3,"message":"far","group":"far","stream":"away"}"#, #"{"source":"/a","timestamp":4,"message":"a3"}"#,
      #"{"end":8}"#,
    ] { take(feed, line) }
    let all = try calls.finish()
    #expect(all.map { "\($0.group) \($0.stream)" } == ["/g /a", "/g /b", "/g other", "far away"])
    #expect(all.map(\.messages) == [["a1", "a2\n", "a3"], ["b1"], ["elsewhere"], ["far"]])
    #expect(shipper.tally.delivered == 6)
    #expect(!shipper.tally.hasRefusals)
    #expect(feed.problemAtEnd() == nil)
  }

  @Test func twoSpellingsOfOneCharacterAreTwoSources() throws {
    let feed = recordFeed()
    for source in ["/caf\u{E9}", "/cafe\u{301}", "/caf\u{E9}"] { take(feed, #"{"source":"\#(source)","timestamp":1,"message":"m"}"#) }
    #expect(try calls.finish().map { Array($0.stream.utf8) } == [Array("/caf\u{E9}".utf8), Array("/cafe\u{301}".utf8)])
  }

  @Test(
    arguments: [
      ([], false), ([#"{"source":"/a","position":"1"}"#], false), ([#"{"end":0}"#], true),
      ([#"{"source":"/a","position":"1"}"#, #"{"end":1}"#], true),
      ([#"{"source":"/a","position":"1"}"#, #"{"end":2}"#], false), ([#"{"source":"/a","position":"1"}"#, #"{"end":0}"#], false),
    ] as [([String], Bool)])
  func knowsWhetherTheInputWasWhole(lines: [String], isWhole: Bool) throws {
    let feed = recordFeed()
    for line in lines { take(feed, line) }
    #expect(feed.problemAtEnd()?.status == (isWhole ? nil : .upstreamBroke))
  }

  @Test func halfALineIsNotSent() throws {
    let feed = recordFeed()
    take(feed, #"{"source":"/a","timestamp":1,"message":"whole, but without its line feed"}"#, .endOfInput)
    #expect(try calls.finish() == [])
    #expect(feed.problemAtEnd()?.status == .upstreamBroke)
  }

  @Test(arguments: [
    "plain", "{}", #"{"source":"/a","message":"no timestamp"}"#, #"{"source":"/a","timestamp":1,"message":"m","group":"no good"}"#,
    #"{"source":"/a","timestamp":1,"message":"m","stream":"no:good"}"#, #"{"source":"/a","timestamp":1,"message":"m","stream":""}"#,
    #"{"source":"/unknown","timestamp":1,"message":"m"}"#,
    // The service takes none, and would refuse the whole batch for it.
    #"{"source":"/a","timestamp":-1,"message":"before 1970"}"#,
  ])
  func whatIsNoRecordIsCountedAndTheRestGoesOn(line: String) throws {
    let feed = recordFeed()
    take(feed, #"{"source":"/a","timestamp":1,"message":"before"}"#)
    take(feed, line)
    take(feed, #"{"source":"/a","timestamp":2,"message":"after"}"#)
    #expect(try calls.finish().map(\.messages) == [["before", "after"]])
    #expect(shipper.tally.invalid == 1)
    #expect(shipper.tally.hasRefusals)
  }

  @Test func aLineThatIsTooLongIsCounted() {
    let feed = recordFeed()
    take(feed, #"{"source":"/a","timestamp":1,"message":"m"}"#, .cut)
    #expect(shipper.tally.invalid == 1)
  }

  @Test(arguments: [1_048_550, 1_048_551, 3_000_000])
  func anEventThatIsTooLongComesInParts(length: Int) throws {
    let feed = recordFeed()
    let text = String(String(repeating: "\u{E4}b\n", count: length / 4 + 1).utf8.prefix(length)) ?? ""
    let line = ByteBuffer()
    line.append(#"{"source":"/a","timestamp":7,"message":"#)
    MetricRecord.append(text: text, to: line)
    line.append("}")
    take(feed, Array(line.bytes), .lineFeed)
    take(feed, #"{"source":"/a","timestamp":8,"message":"next"}"#)
    let all = try calls.finish()
    let messages = all.flatMap(\.messages)
    #expect(messages.dropLast().joined() == text)
    #expect(messages.last == "next")
    #expect(messages.count - 1 == (text.utf8.count + 1_048_549) / 1_048_550)
    #expect(messages.allSatisfy { $0.utf8.count <= 1_048_550 })
    #expect(Set(all.flatMap(\.timestamps)) == [7, 8])
    #expect(shipper.tally.split == (text.utf8.count > 1_048_550 ? 1 : 0))
  }

  // MARK: -

  private func plainFeed() -> PlainFeed { PlainFeed(shipper, stream: shipper.stream(Destination(group: "/g", stream: "s"))) }

  private func recordFeed() -> RecordFeed {
    struct Unknown: Error {}
    return RecordFeed(shipper) { source in
      if source == "/unknown" { throw Unknown() }
      return Destination(group: "/g", stream: source)
    }
  }

  private func take(_ feed: any Feed, _ line: String, _ ending: LineReader.Ending = .lineFeed, realtime: Int64 = 1_795_341_600_000) {
    take(feed, Array(line.utf8), ending, realtime: realtime)
  }

  private func take(_ feed: any Feed, _ line: [UInt8], _ ending: LineReader.Ending, realtime: Int64 = 1_795_341_600_000) {
    line.withUnsafeBytes { feed.take(LineReader.Line(bytes: $0, ending: ending), now: 0, realtime: realtime) }
  }
}
