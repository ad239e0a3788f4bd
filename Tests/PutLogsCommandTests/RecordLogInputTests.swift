internal import Config
import Testing

@testable internal import PutLogsCommand
internal import Records
internal import Unix

@Suite struct RecordLogInputTests {
  private let calls: RecordedCalls
  private var shipper: Shipper { calls.shipper }

  init() throws { calls = try RecordedCalls() }

  @Test func recordsGoToTheStreamsOfTheirSources() throws {
    let logInput = recordFeed()
    for line in [
      #"{"source":"/a","position":"1","timestamp":1,"message":"a1"}"#, #"{"source":"/b","timestamp":1,"message":"b1"}"#,
      #"{"source":"/a","timestamp":2,"message":"a\u0032\n"}"#, #"{"source":"/a","position":"2"}"#,
      #"{"source":"/b","timestamp":2,"message":""}"#,
      #"{"source":"/a","timestamp":3,"message":"elsewhere","stream":"other"}"#,
      #"{"source":"/a","timestamp":3,"message":"far","group":"far","stream":"away"}"#, #"{"source":"/a","timestamp":4,"message":"a3"}"#,
      #"{"end":8}"#,
    ] { logInput.take(line) }
    let all = try calls.finish()
    #expect(all.map { "\($0.group) \($0.stream)" } == ["/g /a", "/g /b", "/g other", "far away"])
    #expect(all.map(\.messages) == [["a1", "a2\n", "a3"], ["b1"], ["elsewhere"], ["far"]])
    #expect(shipper.counters.delivered == 6)
    #expect(!shipper.counters.hasRefusals)
    #expect(logInput.problemAtEnd() == nil)
  }

  @Test func twoSpellingsOfOneCharacterAreTwoSources() throws {
    let logInput = recordFeed()
    for source in ["/caf\u{E9}", "/cafe\u{301}", "/caf\u{E9}"] { logInput.take(#"{"source":"\#(source)","timestamp":1,"message":"m"}"#) }
    #expect(try calls.finish().map { Array($0.stream.utf8) } == [Array("/caf\u{E9}".utf8), Array("/cafe\u{301}".utf8)])
  }

  @Test(
    arguments: [
      ([], false), ([#"{"source":"/a","position":"1"}"#], false), ([#"{"end":0}"#], true),
      ([#"{"source":"/a","position":"1"}"#, #"{"end":1}"#], true),
      ([#"{"source":"/a","position":"1"}"#, #"{"end":2}"#], false), ([#"{"source":"/a","position":"1"}"#, #"{"end":0}"#], false),
    ] as [([String], Bool)])
  func knowsWhetherTheInputWasWhole(lines: [String], isWhole: Bool) throws {
    let logInput = recordFeed()
    for line in lines { logInput.take(line) }
    #expect(logInput.problemAtEnd()?.status == (isWhole ? nil : .upstreamBroke))
  }

  @Test func theRestOfATooLongLineIsNoRecord() throws {
    let logInput = recordFeed()
    logInput.take("x", .cut)
    logInput.take("x", .cut)
    logInput.take(#"{"source":"/a","timestamp":1,"message":"forged"}"#)
    logInput.take(#"{"source":"/a","timestamp":1,"message":"real"}"#)
    #expect(try calls.finish().map(\.messages) == [["real"]])
    #expect(shipper.counters.invalid == 1)
  }

  @Test func aSourceThatIsLetGoTakesNoMemory() throws {
    weak var progress: SourceProgress?
    func use() {
      let ours = SourceProgress(source: Array("/a".utf8))
      progress = ours
      let checkpoint = ours.current
      checkpoint.begin()
      ours.letGo()
      #expect(ours.current === checkpoint, "not while an event is under way")
      checkpoint.end()
      ours.letGo()
    }
    use()
    #expect(progress == nil)
  }

  @Test func halfALineIsNotSent() throws {
    let logInput = recordFeed()
    logInput.take(#"{"source":"/a","timestamp":1,"message":"whole, but without its line feed"}"#, .endOfInput)
    #expect(try calls.finish() == [])
    #expect(logInput.problemAtEnd()?.status == .upstreamBroke)
  }

  @Test(arguments: [
    "plain", "{}", #"{"source":"/a","message":"no timestamp"}"#, #"{"source":"/a","timestamp":1,"message":"m","group":"no good"}"#,
    #"{"source":"/a","timestamp":1,"message":"m","stream":"no:good"}"#, #"{"source":"/a","timestamp":1,"message":"m","stream":""}"#,
    #"{"source":"/unknown","timestamp":1,"message":"m"}"#,
    // The service takes none, and would refuse the whole batch for it.
    #"{"source":"/a","timestamp":-1,"message":"before 1970"}"#,
  ])
  func whatIsNoRecordIsCountedAndTheRestGoesOn(line: String) throws {
    let logInput = recordFeed()
    logInput.take(#"{"source":"/a","timestamp":1,"message":"before"}"#)
    logInput.take(line)
    logInput.take(#"{"source":"/a","timestamp":2,"message":"after"}"#)
    #expect(try calls.finish().map(\.messages) == [["before", "after"]])
    #expect(shipper.counters.invalid == 1)
    #expect(shipper.counters.hasRefusals)
  }

  @Test func aLineThatIsTooLongIsCounted() {
    let logInput = recordFeed()
    logInput.take(#"{"source":"/a","timestamp":1,"message":"m"}"#, .cut)
    #expect(shipper.counters.invalid == 1)
  }

  @Test(arguments: [1_048_550, 1_048_551, 3_000_000])
  func anEventThatIsTooLongComesInParts(length: Int) throws {
    let logInput = recordFeed()
    let text = String(String(repeating: "\u{E4}b\n", count: length / 4 + 1).utf8.prefix(length)) ?? ""
    let line = ByteBuffer()
    line.append(#"{"source":"/a","timestamp":7,"message":"#)
    JSONText.append(string: text, to: line)
    line.append("}")
    logInput.take(Array(line.bytes))
    logInput.take(#"{"source":"/a","timestamp":8,"message":"next"}"#)
    let all = try calls.finish()
    let messages = all.flatMap(\.messages)
    #expect(messages.dropLast().joined() == text)
    #expect(messages.last == "next")
    #expect(messages.count - 1 == (text.utf8.count + 1_048_549) / 1_048_550)
    #expect(messages.allSatisfy { $0.utf8.count <= 1_048_550 })
    #expect(Set(all.flatMap(\.timestamps)) == [7, 8])
    #expect(shipper.counters.split == (text.utf8.count > 1_048_550 ? 1 : 0))
  }

  private func recordFeed() -> RecordLogInput {
    struct Unknown: Error {}
    return RecordLogInput(shipper) { source in
      if source == "/unknown" { throw Unknown() }
      return Destination(group: "/g", stream: source)
    }
  }
}
