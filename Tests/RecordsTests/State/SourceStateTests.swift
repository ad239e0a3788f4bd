import TestSupport
import Testing
import Unix

@testable import Records

@Suite struct SourceStateTests {
  static let states: [SourceState] = {
    var full = SourceState(source: Array(#"/var/log/a\"b.log"#.utf8), position: Array("fe01.2.3".utf8), seen: 1_795_341_600_000)
    full.delivered = 12
    full.refused = 3
    full.lastError = "PutLogEvents not allowed: \"AccessDenied\"\u{1}"
    full.lastErrorTime = 5
    return [SourceState(source: Array("journal".utf8), position: Array("s=1;i=2".utf8), seen: 0), full]
  }()

  @Test(arguments: 0..<2) func whatIsWrittenIsReadAgain(_ index: Int) throws {
    let buffer = ByteBuffer()
    Self.states[index].append(to: buffer)
    #expect(buffer.bytes.last == 0x0A)
    let line = buffer.bytes.part(0..<buffer.count - 1)
    #expect(SourceState(line) == Self.states[index])
    withExtendedLifetime(buffer) {}
  }

  @Test func namesAreUnescaped() {
    #expect(Self.states[1].sourceText == #"/var/log/a"b.log"#)
    #expect(SourceState.escaped(#"/var/log/a"b.log"#) == Self.states[1].source)
  }

  @Test func unknownKeysAreSteppedOver() throws {
    var line = #"{"new":[1,{"a":2}],"position":"p","source":"s"}"#
    #expect(line.withUTF8 { SourceState(UnsafeRawBufferPointer($0)) } == SourceState(source: [0x73], position: [0x70], seen: 0))
  }

  static let wrong = [
    "", "{}", "null", #"{"source":"s"}"#, #"{"source":"","position":"p"}"#, #"{"source":"s","position":"p""#,
    #"{"source":1,"position":"p"}"#, #"{"source":"s","position":"p","seen":1e99}"#,
  ]

  @Test(arguments: wrong) func anythingElseIsNone(_ line: String) {
    var line = line
    #expect(line.withUTF8 { SourceState(UnsafeRawBufferPointer($0)) } == nil)
  }
}
