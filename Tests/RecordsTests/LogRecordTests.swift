import Testing

@testable internal import Records
internal import TestSupport
internal import Unix

@Suite struct LogRecordTests {
  /// A line as it was read, with copies of the fields.
  enum Line: Equatable {
    case record(Record)
    case end(Int64)
    case invalid(String)

    init(_ line: some Sequence<UInt8>) {
      self = Array(line).withUnsafeBytes { bytes in
        switch LogRecord.parse(bytes) {
        case .record(let record): .record(Record(record))
        case .end(let count): .end(count)
        case .invalid(let reason): .invalid("\(reason)")
        }
      }
    }
  }

  struct Record: Equatable {
    var source: String
    var position: String?
    var timestamp: Int64?
    var message: String?
    var messageLength = 0
    var messageHasEscapes = false
    var group: String?
    var stream: String?

    init(
      source: String, position: String? = nil, timestamp: Int64? = nil, message: String? = nil, messageLength: Int = 0,
      messageHasEscapes: Bool = false, group: String? = nil, stream: String? = nil
    ) {
      self.source = source
      self.position = position
      self.timestamp = timestamp
      self.message = message
      self.messageLength = messageLength
      self.messageHasEscapes = messageHasEscapes
      self.group = group
      self.stream = stream
    }

    init(_ record: LogRecord) {
      self.init(
        source: record.source.text, position: record.position?.text, timestamp: record.timestamp, message: record.message?.text,
        messageLength: record.messageLength, messageHasEscapes: record.messageHasEscapes, group: record.group?.text,
        stream: record.stream?.text)
    }
  }

  @Test(arguments: [("", false), (#","gap":true"#, true), (#","gap":false"#, false)])
  func saysWhetherLinesAreLost(member: String, isGap: Bool) throws {
    let line = #"{"source":"/a","timestamp":1,"message":"m"\#(member)}"#
    try Array(line.utf8).withUnsafeBytes { bytes in
      guard case .record(let record) = LogRecord.parse(bytes) else { throw SystemError("parse it", code: EINVAL) }
      #expect(record.isGap == isGap)
    }
  }

  @Test(arguments: ["1", "null", #""true""#, "truex", "tru"])
  func aGapIsTrueOrFalse(value: String) { #expect(Line(#"{"source":"/a","gap":\#(value)}"#.utf8) == .invalid("gap is not true or false")) }

  @Test(arguments: [
    (
      #"{"source":"/var/log/syslog","position":"8:1f:42","timestamp":1795341600000,"message":"text"}"#,
      Record(source: "/var/log/syslog", position: "8:1f:42", timestamp: 1_795_341_600_000, message: "text", messageLength: 4)
    ),
    (#"{"source":"journal","position":"s=1"}"#, Record(source: "journal", position: "s=1")),
    (#"{"source":"/a"}"#, Record(source: "/a")),
    (#"{"source":"/a","timestamp":5}"#, Record(source: "/a", timestamp: 5)),
    (#"{"source":"/a","timestamp":1,"message":""}"#, Record(source: "/a", timestamp: 1, message: "")),
    (
      #"{"source":"/a","timestamp":1,"message":"\u00e4\n\"\ud83d\ude00"}"#,
      Record(source: "/a", timestamp: 1, message: #"\u00e4\n\"\ud83d\ude00"#, messageLength: 8, messageHasEscapes: true)
    ),
    (
      #" { "stream" : "s" , "message" : "m" , "group" : "g" , "timestamp" : -1 , "source" : "/a" } "#,
      Record(source: "/a", timestamp: -1, message: "m", messageLength: 1, group: "g", stream: "s")
    ),
    (
      #"{"host":"pi","tags":["a",{"b":null}],"source":"/a","level":3.5,"ok":true,"end":7,"timestamp":1,"message":"m"}"#,
      Record(source: "/a", timestamp: 1, message: "m", messageLength: 1)
    ),
  ])
  func reads(line: String, record: Record) { #expect(Line(line.utf8) == .record(record)) }

  @Test(arguments: [(#"{"end":0}"#, 0), (#" { "end" : 12 } "#, 12), (#"{"note":"bye","end":3}"#, 3)] as [(String, Int64)])
  func readsTheCleanEnd(line: String, count: Int64) { #expect(Line(line.utf8) == .end(count)) }

  @Test(arguments: [
    "", "null", "[]", "plain text", #"{"source":"/a","timestamp":1,"message":"half a li"#, #"{"source":"/a","timestamp":1,"message":"m""#,
    "{}", #"{"timestamp":1,"message":"no source"}"#, #"{"source":"","timestamp":1,"message":"m"}"#,
    #"{"source":7,"timestamp":1,"message":"m"}"#,
    #"{"source":"/a","message":"no timestamp"}"#, #"{"source":"/a","timestamp":"1","message":"m"}"#,
    #"{"source":"/a","timestamp":1.5,"message":"m"}"#,
    #"{"source":"/a","timestamp":99999999999999999999,"message":"m"}"#, #"{"source":"/a","timestamp":1,"message":null}"#,
    #"{"source":"/a","timestamp":1,"message":["m"]}"#, #"{"source":"/a","timestamp":1,"message":"\ud800"}"#,
    #"{"source":"/a","timestamp":1,"message":"\x"}"#, #"{"source":"/a","position":4}"#, #"{"source":"/a","group":4}"#,
    #"{"source":"/a","stream":null}"#,
    #"{"source":"/a"}{"source":"/b"}"#, #"{"source":"/a"},"#, #"{"end":3,"source":"/a"}"#, #"{"end":"3"}"#, #"{"end":3"#, #"{"end":}"#,
    "{\"source\":\"/a\",\"timestamp\":1,\"message\":\"tab\there\"}",
  ])
  func refuses(line: String) {
    guard case .invalid(let reason) = Line(line.utf8) else {
      Issue.record("taken: \(line)")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test func refusesBytesThatAreNotUTF8() {
    let line = Array(#"{"source":"/a","timestamp":1,"message":"x"}"#.utf8)
    guard let place = line.lastIndex(of: UInt8(ascii: "x")) else { return }
    var broken = line
    broken[place] = 0xFF
    #expect(Line(broken) == .invalid("message is not a string"))
  }

  /// A damaged line is refused, or is JSON and says what it then says; it never becomes another record by accident.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func aDamagedLineIsNoRecordUnlessItIsJSON(seed: UInt64) {
    var random = SeededGenerator(seed)
    for _ in 0..<50 {
      let buffer = ByteBuffer()
      let writer = LogRecordWriter(buffer: buffer)
      random.bytes(count: random.pick(0...20)).withUnsafeBytes {
        _ = writer.append(
          .init("/var/log/\(random.text(scalars: 3))"), position: random.oneIn(2) ? "8:1f:\(random.pick(0...99))" : nil,
          timestamp: Int64(random.pick(0...2_000_000_000_000)), message: $0)
      }
      var line = Array(buffer.bytes.dropLast())
      for _ in 0..<random.pick(1...3) {
        let place = random.pick(0...line.count - 1)
        switch random.pick(0...4) {
        case 0: line[place] = random.bytes(count: 1)[0]
        case 1: line[place] = Array("{}[]\",:\\0123456789-+.eE ".utf8)[random.pick(0...23)]
        case 2: line.insert(random.bytes(count: 1)[0], at: place)
        case 3: line.remove(at: place)
        default: line[place] ^= 1 << UInt8(random.pick(0...7))
        }
      }
      guard case .record = Line(line) else { continue }
      #expect(throws: Never.self, "\(String(decoding: line, as: UTF8.self))") { try JSONValue(line) }
    }
  }

  @Test func noBeginningOfALineIsARecord() {
    let line = Array(#"{"source":"/a\n","position":"8:1f:42","timestamp":1795341600000,"message":"a \"b\" \u00e4 \ud83d\ude00"}"#.utf8)
    guard case .record = Line(line) else {
      Issue.record("the whole line is one")
      return
    }
    for length in 0..<line.count {
      guard case .invalid = Line(line.prefix(length)) else {
        Issue.record("\(length) bytes of it were taken for a record")
        continue
      }
    }
  }
}
