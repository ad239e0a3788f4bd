import Testing

internal import Patterns
internal import Config
@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite struct EventAssemblerTests {
  private static let now: Int64 = 1_795_341_600_000
  private static let day: Int64 = 86_400_000

  private static let plain = EventAssembler.Rules()
  private static let digits = EventAssembler.Rules(multiLineStart: .pattern(#"^\d"#))
  private static let dated = EventAssembler.Rules(
    multiLineStart: .timestamp, timestampFormat: "%Y-%m-%d %H:%M:%S", timezone: .utc, trimsTimestamp: true)

  // MARK: - lines

  @Test(
    arguments: [
      ("", [], ""), ("a\n", ["a"], ""), ("a\nb\r\nhalf", ["a", "b"], "half"), ("a\r\r\n", ["a\r"], ""), ("\n\r\n", ["", ""], ""),
      ("a\rb\u{85}c\u{2028}d\n", ["a\rb\u{85}c\u{2028}d"], ""), ("\0\0a\n", ["a"], ""), ("\0\0\n", [""], ""), ("\0\r\n", [""], ""),
      ("a\0b\0\n", ["a\0b\0"], ""), ("a\n\0\0\0", ["a"], "\0\0\0"), ("a\n\0b", ["a"], "\0b"),
      // A byte order mark is no part of a line, at its start.
      ("\u{FEFF}a\n", ["a"], ""), ("\u{FEFF}\n\u{FEFF}\r\n", ["", ""], ""), ("a\n\0\u{FEFF}b\n", ["a", "b"], ""),
      ("a\u{FEFF}\n\u{FF1A}b\n", ["a\u{FEFF}", "\u{FF1A}b"], ""), ("\u{FEFF}\u{FEFF}a\n", ["\u{FEFF}a"], ""),
    ] as [(String, [String], String)])
  func eachLineIsAnEvent(content: String, messages: [String], rest: String) throws {
    // The second form takes the way of all that is not plain.
    for rules in [Self.plain, EventAssembler.Rules(timestampFormat: "%Y-%m-%d", timezone: .utc)] {
      let run = try Run(rules, content, .open)
      #expect(run.messages == messages)
      #expect(String(decoding: content.utf8.dropFirst(run.done), as: UTF8.self) == rest)
      #expect(run.events.allSatisfy { $0.timestamp == Self.now && $0.end != nil })
      #expect(run.unfinished == nil)
    }
  }

  @Test(
    arguments: [
      ("a\nhalf", ["a", "half"], 0), ("half\r", ["half\r"], 0), ("\0\0half", ["half"], 0), ("", [], 0), ("a\n", ["a"], 0),
      // What stands behind the last byte that is none may still be filled.
      ("a\n\0\0\0", ["a"], 3), ("half\0\0", ["half"], 2), ("\0\0", [], 2), ("\u{FEFF}half", ["half"], 0), ("\u{FEFF}", [""], 0),
    ] as [(String, [String], Int)])
  func atTheEndTheRestIsAnEvent(content: String, messages: [String], left: Int) throws {
    for rules in [Self.plain, EventAssembler.Rules(timestampFormat: "%Y-%m-%d", timezone: .utc)] {
      let run = try Run(rules, content, .last)
      #expect(run.messages == messages)
      #expect(run.done == content.utf8.count - left)
      #expect(run.events.last.map { $0.end == run.done } ?? (run.done == 0))
    }
  }

  @Test func aByteOrderMarkHidesNoFirstLineOfAnEvent() throws {
    let run = try Run(Self.digits, "\u{FEFF}1 a\n b\n\u{FEFF}2 c\n3\n", .open)
    #expect(run.messages == ["1 a\n b", "2 c"])
    let time = try Run(
      EventAssembler.Rules(timestampFormat: "%Y-%m-%d", timezone: .utc, trimsTimestamp: true), "\u{FEFF}2026-11-22 a\n", .open)
    #expect(time.events.map(\.timestamp) == [1_795_305_600_000])
    #expect(time.messages == ["a"])
  }

  /// The encoding was set when a part of the file had been read as lines that end behind the byte 0x0A.
  @Test(
    arguments: [
      ("utf-16le", 2, false), ("utf-16", 2, false), ("utf-16be", 2, true), ("utf-32le", 4, false), ("utf-32be", 4, true),
      ("iso-8859-1", 1, false),
    ] as [(String, Int, Bool)])
  func goesOnInTheMiddleOfACharacter(encoding: String, unit: Int, isBigEndian: Bool) throws {
    let text = Array("one\nzw\u{F6}lf\nthree\n".unicodeScalars).flatMap { scalar in
      let bytes = (0..<unit).map { $0 == 0 ? UInt8(scalar.value) : 0 }
      return isBigEndian ? bytes.reversed() : bytes
    }
    let offset = try #require(text.firstIndex(of: 0x0A)) + 1
    let assembler = try EventAssembler(EventAssembler.Rules(encoding: encoding))
    var messages: [String] = []
    var place = offset
    while place < text.count {
      var unfinished: EventAssembler.Unfinished?
      let block = Array(text[place...])
      let done = block.withUnsafeBytes {
        assembler.forEachEvent(in: $0, at: Int64(place), .open, unfinished: &unfinished, now: Self.now) { message, _, _ in
          if !message.isEmpty { messages.append(message.text) }
        }
      }
      guard done > 0 else { break }
      place += done
    }
    #expect(messages == ["zw\u{F6}lf", "three"])
    #expect(place == text.count)
  }

  @Test func nulsInFrontOfLinesAreCounted() throws {
    #expect(try Run(Self.plain, "\0\0a\n\0b\nc\0\n\0\0", .open).assembler.strippedNULCount == 3)
    #expect(try Run(Self.digits, "\0\0a\n\0b\n1\0\n\0", .last).assembler.strippedNULCount == 3)
    let utf16 = EventAssembler.Rules(encoding: "utf-16le")
    #expect(try Run(utf16, [0, 0, 0, 0, 0x61, 0, 0x0A, 0], .open).assembler.strippedNULCount == 2)
  }

  // MARK: - too long for one event

  @Test(arguments: [Self.plain, Self.digits, EventAssembler.Rules(encoding: "utf-16le")])
  func aFullBlockOfNULsIsSteppedOver(rules: EventAssembler.Rules) throws {
    let run = try Run(rules, "\0\0\0\0", .full)
    #expect(run.events == [Event("", Self.now, end: 4)])
    #expect(run.done == 4)
    let other = try Run(rules, Array("\0\0\0\0".utf8) + [0x61, 0x62], .full)
    #expect(other.done == 4, "text is no part of it")
    let bigEndian = try Run(EventAssembler.Rules(encoding: "utf-16be"), [0, 0, 0, 0x61], .full)
    #expect(bigEndian.done == 2, "nor is the high byte of a character")
  }

  @Test(
    arguments: [
      ("abcd", "abcd"), ("abc\r", "abc"), ("\r", "\r"), ("abc\u{E9}", "abc\u{E9}"), ("ab\u{20AC}", "ab\u{20AC}"),
      ("\u{1F600}", "\u{1F600}"),
    ])
  func aPieceEndsWithACharacter(content: String, piece: String) throws {
    let run = try Run(Self.plain, content, .full)
    #expect(run.events == [Event(piece, Self.now, end: nil)])
    #expect(run.done == piece.utf8.count)
    #expect(run.unfinished == EventAssembler.Unfinished(timestamp: Self.now, isInsideLine: true))
    #expect(run.assembler.cutEventCount == 1)
  }

  @Test(
    arguments: [
      ([0x61, 0xC3], 1), ([0x61, 0xE2, 0x82], 1), ([0x61, 0xF0, 0x9F, 0x98], 1), ([0x61, 0x80, 0x80, 0x80, 0x80], 5),
      ([0x80], 1), ([0xC3], 1), ([0xFF, 0xFF], 2),
    ] as [([UInt8], Int)])
  func aHalfCharacterWaits(content: [UInt8], done: Int) throws { #expect(try Run(Self.plain, content, .full).done == done) }

  @Test func theRestOfALongLineEndsTheEvent() throws {
    for rules in [Self.plain, Self.digits] {
      let unfinished = EventAssembler.Unfinished(timestamp: Self.now, isInsideLine: true)
      let run = try Run(rules, "1 rest\n2\n3\n", .open, unfinished)
      #expect(run.messages == (rules == Self.plain ? ["1 rest", "2", "3"] : ["1 rest", "2"]))
      #expect(run.unfinished == nil)
    }
  }

  @Test func allPiecesHaveTheTimeOfTheFirst() throws {
    let first = try Run(Self.dated, "2026-11-22 10:00:00 abc", .full, now: 5)
    let time = Self.now
    #expect(first.events == [Event("abc", time, end: nil)])
    #expect(first.unfinished == EventAssembler.Unfinished(timestamp: time, isInsideLine: true))
    let second = try Run(Self.dated, "2026-01-01 00:00:00 d", .full, first.unfinished, now: 5)
    #expect(second.events == [Event("2026-01-01 00:00:00 d", time, end: nil)], "inside a line no event begins")
    let rest = "2026-01-01 00:00:00 e\nmore\n2026-11-23 10:00:00 next\n"
    let third = try Run(Self.dated, rest, .last, second.unfinished, now: 5)
    #expect(third.events == [Event("2026-01-01 00:00:00 e\nmore", time, end: 27), Event("next", time + Self.day, end: 52)])
  }

  @Test func aLongEventOfManyLinesIsCutBetweenThem() throws {
    let run = try Run(Self.digits, "1\na\nb", .full)
    #expect(run.events == [Event("1\na", Self.now, end: nil)])
    #expect(run.done == 4)
    #expect(run.unfinished == EventAssembler.Unfinished(timestamp: Self.now, isInsideLine: false))
    // The next line may go on with it, or begin another one.
    #expect(try Run(Self.digits, "b\n2\n", .open, run.unfinished).events == [Event("b", Self.now, end: 2)])
    let other = try Run(Self.digits, "2\n3\n", .open, run.unfinished)
    #expect(other.events == [Event("2", Self.now, end: 2)])
    #expect(other.unfinished == nil)
    let waiting = try Run(Self.digits, "2\n", .open, run.unfinished)
    #expect(waiting.done == 0 && waiting.unfinished == nil, "here an event begins")
  }

  /// Three bytes of UTF-8 for one of the file.
  @Test func whatGrowsInUTF8IsCut() throws {
    let content = [UInt8](repeating: 0x80, count: 400_000) + [0x0A]
    let run = try Run(EventAssembler.Rules(encoding: "windows-1252"), content, .open)
    #expect(run.events.map(\.end) == [nil, 400_001])
    #expect(run.messages.joined() == String(repeating: "\u{20AC}", count: 400_000))
    #expect(run.messages.allSatisfy { $0.utf8.count <= 1_048_550 })
    #expect(run.assembler.cutEventCount == 1)
    #expect(run.done == 400_001 && run.unfinished == nil)
  }

  // MARK: - several lines

  @Test(
    arguments: [
      ("1 a\n b\n c\n2\n", ["1 a\n b\n c"], "2\n"), ("x\ny\n1\n2\n", ["x\ny", "1"], "2\n"), ("1\r\na\r\n2\r\n", ["1\na"], "2\r\n"),
      ("1\n\na\n\n\r\n2\n", ["1\n\na"], "2\n"), ("\n\n1\n2", [""], "1\n2"), ("1\nhalf", [], "1\nhalf"),
      ("1\n\0\0a\n\0\02\n3\n", ["1\na", "2"], "3\n"),
      ("1 \0\n2\n", ["1 \0"], "2\n"), ("1\n2\n3\n", ["1", "2"], "3\n"),
    ] as [(String, [String], String)])
  func linesBelongToTheStartBeforeThem(content: String, messages: [String], rest: String) throws {
    let run = try Run(Self.digits, content, .open)
    #expect(run.messages == messages)
    #expect(String(decoding: content.utf8.dropFirst(run.done), as: UTF8.self) == rest)
  }

  @Test(
    arguments: [
      ("1\na\n", ["1\na"]), ("1\na\n2", ["1\na", "2"]), ("1\na\nb", ["1\na\nb"]), ("1\n\0\0", ["1"]), ("x", ["x"]), ("1\n\n\n", ["1"]),
    ] as [(String, [String])])
  func atTheEndTheLastEventIsWhole(content: String, messages: [String]) throws {
    #expect(try Run(Self.digits, content, .last).messages == messages)
  }

  @Test(
    arguments: [
      ("1\na\n", ["1\na"], 0), ("1\na\n2", ["1\na"], 1), ("1\na\nb", ["1\na"], 1), ("half", [], 4), ("1\n\0\0", ["1"], 2),
      ("1\na\n2\n", ["1\na", "2"], 0),
    ] as [(String, [String], Int)])
  func inAQuietFileNoLineIsWaitedFor(content: String, messages: [String], left: Int) throws {
    let run = try Run(Self.digits, content, .quiet)
    #expect(run.messages == messages)
    #expect(run.done == content.utf8.count - left)
    #expect(run.events.last?.end ?? 0 == run.done)
    #expect(try Run(Self.plain, content, .quiet).done == Run(Self.plain, content, .open).done)
  }

  /// A position may stand where the pieces of a long event end, once nothing more can belong to it.
  @Test(arguments: [(EventAssembler.InputEnd.quiet, false, true), (.quiet, true, false), (.last, true, true), (.open, false, false)])
  func aLongEventIsOverWhenNothingComes(ending: EventAssembler.InputEnd, isInsideLine: Bool, isOver: Bool) throws {
    let run = try Run(Self.digits, "", ending, EventAssembler.Unfinished(timestamp: Self.now, isInsideLine: isInsideLine))
    #expect((run.unfinished == nil) == isOver)
    #expect(run.events == [])
  }

  @Test(arguments: [("{timestamp_format}", EventAssembler.Rules.Start.timestamp), ("^x", .pattern("^x"))])
  func knowsTheNameOfTheTime(text: String, start: EventAssembler.Rules.Start) { #expect(EventAssembler.Rules.Start(text) == start) }

  @Test func aTimeMayBeTheStart() throws {
    let run = try Run(
      Self.dated, "lost\n[2026-11-22 10:00:00] a\n at b\n2026-02-31 00:00:00 is no day\n2026-11-22 10:00:01 c\n", .last)
    #expect(run.messages == ["lost", "[] a\n at b\n2026-02-31 00:00:00 is no day", "c"])
    #expect(run.events[0].timestamp == Self.now)
    #expect(run.events[2].timestamp - run.events[1].timestamp == 1000)
  }

  @Test func aTimeIsOfTheFirstLine() throws {
    var rules = Self.dated
    rules.multiLineStart = .pattern("^x")
    let run = try Run(rules, "x\n2026-11-22 09:00:00\nx 2026-11-22 09:00:00", .last)
    #expect(run.messages == ["x\n2026-11-22 09:00:00", "x "])
    #expect(run.events[0].timestamp == Self.now && run.events[1].timestamp != Self.now)
  }

  /// Never the last one that was valid.
  @Test func withoutATimeItIsNow() throws {
    let rules = EventAssembler.Rules(timestampFormat: "%Y-%m-%d", timezone: .utc)
    let run = try Run(rules, "1970-01-02 a\nb\n1970-01-03\n", .open)
    #expect(run.events.map(\.timestamp) == [Self.day, Self.now, 2 * Self.day])
    #expect(run.messages == ["1970-01-02 a", "b", "1970-01-03"])
  }

  @Test func aLineThatThePatternCannotDecideBeginsAnEvent() throws {
    var validationErrors = 0
    let assembler = try EventAssembler(EventAssembler.Rules(multiLineStart: .pattern(#"^(a+)+\1$"#)), warn: { _ in validationErrors += 1 })
    let evil = String(repeating: "a", count: 3000) + "b"
    let run = Run(assembler, Array("x\n\(evil)\n\(evil)\ny\n".utf8), .last)
    #expect(run.messages == ["x", evil, evil + "\ny"])
    #expect(validationErrors == 1)
  }

  // MARK: - encodings

  @Test(arguments: ["utf-16", "utf-16le", "UTF-16BE", "utf-32", "utf-32be", "iso-8859-1", "windows-1252", "shift_jis", "utf-8"])
  func otherEncodingsBecomeUTF8(name: String) throws {
    let text =
      name == "shift_jis"
      ? "1 \u{30BD}\u{8868}\r\n \u{8868}\n2\n"
      : name.hasPrefix("utf") ? "1 \u{A0A}\u{1F600}\u{E9}\r\n \u{A00A}\n2\n" : "1 \u{E9}\r\n \u{FC}\n2\n"
    let bytes = try encode(text, name)
    let lines = text.replacing("\r").split(separator: "\n").map(String.init)
    let run = try Run(EventAssembler.Rules(encoding: name), bytes, .open)
    #expect(run.messages == lines)
    #expect(run.done == bytes.count)
    let joined = try Run(EventAssembler.Rules(multiLineStart: .pattern(#"^\d"#), encoding: name), bytes, .last)
    #expect(joined.messages == [lines[0] + "\n" + lines[1], lines[2]])
    #expect(joined.events.last?.end == bytes.count)
    #expect(joined.assembler.replacementCount == 0)
  }

  /// By a byte order mark, else by a line feed, else by the zeros of ASCII.
  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0x4E], "\u{4E61}"), ([0xFE, 0xFF, 0x4E, 0x61], "\u{4E61}"), ([0x4E, 0x61, 0x00, 0x0A], "\u{4E61}"),
      ([0x61, 0x4E, 0x0A, 0x00], "\u{4E61}"), ([0x00, 0x61, 0x00, 0x62], "ab"), ([0x61, 0x00, 0x62, 0x00], "ab"),
    ] as [([UInt8], String)])
  func theBytesOfUTF16TellTheirOrder(bytes: [UInt8], message: String) throws {
    #expect(try Run(EventAssembler.Rules(encoding: "utf-16"), bytes, .last).events == [Event(message, Self.now, end: 4)])
  }

  /// In this one an accent may follow as a byte of its own, so that iconv holds the letter back.
  @Test func theLastLetterIsNotHeldBack() throws {
    let rules = EventAssembler.Rules(encoding: "windows-1258")
    #expect(try Run(rules, [0x62, 0x61], .last).messages == ["ba"])
    #expect(try Run(rules, [0x62, 0x61, 0xEC], .last).messages == ["b\u{E1}"])
  }

  @Test func whatCannotBeDecodedIsReplaced() throws {
    let sjis = try Run(
      EventAssembler.Rules(multiLineStart: .pattern("^a"), encoding: "shift_jis"), [0x61, 0xFF, 0x62, 0x0A, 0x83, 0x0A], .last)
    #expect(sjis.messages == ["a\u{FFFD}b\n\u{FFFD}"])
    #expect(sjis.assembler.replacementCount == 2)
    let utf16 = EventAssembler.Rules(encoding: "utf-16le")
    #expect(try Run(utf16, [0x00, 0xDC, 0x61, 0, 0x0A, 0, 0x62, 0, 0x63], .last).messages == ["\u{FFFD}a", "b\u{FFFD}"])
  }

  @Test func aPieceOfAnotherEncodingEndsWithACharacter() throws {
    let utf16 = EventAssembler.Rules(encoding: "utf-16le")
    #expect(try Run(utf16, [0x61, 0, 0x3D, 0xD8], .full).done == 2)
    #expect(try Run(utf16, [0x61, 0, 0x0D, 0], .full).done == 2)
    #expect(try Run(utf16, [0x61, 0, 0x62], .full).done == 2)
    #expect(try Run(utf16, [0x61], .full).done == 1)
    let sjis = try Run(EventAssembler.Rules(encoding: "shift_jis"), [0x83, 0x5C, 0x83], .full)
    #expect(sjis.done == 2)
    #expect(sjis.messages == ["\u{30BD}"])
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE], "utf-16"), ([0xFE, 0xFF, 0, 0x61], "utf-16"), ([0xFF, 0xFE, 0, 0], "utf-32"), ([0, 0, 0xFE, 0xFF], "utf-32"),
      ([], nil),
      ([0xFF], nil), ([0xEF, 0xBB, 0xBF], nil), ([0x61, 0xFF, 0xFE], nil),
    ] as [([UInt8], String?)])
  func knowsByteOrderMarks(head: [UInt8], name: String?) { #expect(EventAssembler.markedEncoding(head) == name) }

  // MARK: - invalid rules

  @Test func wrongRulesAreOneLine() throws {
    let wrong: [(EventAssembler.Rules, String)] = [
      (EventAssembler.Rules(multiLineStart: .pattern("(")), "multi_line_start_pattern is no valid pattern"),
      (EventAssembler.Rules(multiLineStart: .timestamp), "there is no timestamp_format"),
      (EventAssembler.Rules(timestampFormat: "%Q"), "%Q"), (EventAssembler.Rules(encoding: "klingon"), "encoding \"klingon\" is not known"),
    ]
    for (rules, text) in wrong {
      do {
        _ = try EventAssembler(rules)
        Issue.record("accepted: \(rules)")
      } catch {
        let message = try #require((error as? any Failure)?.message)
        #expect(message.contains(text) && !message.contains("\n"))
      }
    }
  }

  // MARK: - properties

  private static let allRules: [EventAssembler.Rules] =
    [
      plain, digits, dated, EventAssembler.Rules(timestampFormat: "%H:%M", timezone: .utc, trimsTimestamp: true),
      EventAssembler.Rules(multiLineStart: .pattern("^$"), encoding: "utf-16"), EventAssembler.Rules(encoding: "utf-16le"),
      EventAssembler.Rules(encoding: "utf-32be"),
      EventAssembler.Rules(multiLineStart: .pattern("[a-m]"), timestampFormat: "%d %b", timezone: .utc, encoding: "shift_jis"),
    ]

  /// However a file is cut into blocks, its events are the same, and each byte is in one of them.
  @Test(arguments: allRules.indices)
  func theEventsDoNotDependOnTheBlocks(index: Int) throws {
    let rules = Self.allRules[index]
    var random = SeededGenerator(UInt64(index))
    for _ in 0..<150 {
      let lines = (0..<random.pick(0...8)).map { _ in
        ["1", "", "2026-11-22 10:00:00 a", "\r", " at x", "\u{E9}\u{8868}", "10:30 b", "\0\0c", "n 3 Jan"][random.pick(0...8)]
      }
      let text = lines.joined(separator: "\n") + (random.oneIn(2) ? "\n" : "")
      let bytes = rules.encoding == "shift_jis" || rules.encoding == nil ? Array(text.utf8) : try encode(text, rules.encoding ?? "")
      let assembler = try EventAssembler(rules)
      let whole = Run(assembler, bytes, .last)
      var pieces: [Event] = []
      var offset = 0
      var size = 1
      while true {
        let end = min(offset + size, bytes.count)
        let block = Array(bytes[offset..<end])
        let run = Run(assembler, block, end == bytes.count && random.oneIn(3) ? .last : .open)
        pieces += run.events.map { Event($0.message, $0.timestamp, end: $0.end.map { $0 + offset }) }
        #expect(run.events.last?.end ?? run.done == run.done)
        if run.done == 0, end == bytes.count, Run(assembler, block, .last).done == 0 { break }
        size = run.done > 0 ? random.pick(1...20) : size + random.pick(1...20)
        offset += run.done
      }
      #expect(pieces == whole.events, "\(rules) \(text.debugDescription)")
      #expect(bytes[whole.done...].allSatisfy { $0 == 0 })
    }
  }

  /// Nothing stops it, whatever the bytes: it always gets on when it must, and ends come in their order.
  @Test(arguments: allRules.indices)
  func anyBytesAreTaken(index: Int) throws {
    let rules = Self.allRules[index]
    var random = SeededGenerator(UInt64(100 + index))
    let assembler = try EventAssembler(rules)
    for _ in 0..<300 {
      var bytes = random.bytes(count: random.pick(0...120))
      if random.oneIn(4) { bytes += Array("\n2026-11-22 10:00:0\n1 Jan".utf8) }
      var offset = 0
      var unfinished: EventAssembler.Unfinished?
      while offset < bytes.count {
        let block = Array(bytes[offset..<min(offset + random.pick(1...40), bytes.count)])
        let isAtEnd = offset + block.count == bytes.count
        let run = Run(assembler, block, isAtEnd ? .last : .full, unfinished)
        unfinished = run.unfinished
        let ends = run.events.compactMap(\.end)
        #expect(ends == ends.sorted() && Set(ends).count == ends.count)
        #expect(ends.allSatisfy { $0 > 0 && $0 <= run.done })
        #expect(run.done <= block.count)
        if unfinished == nil { #expect(ends.last ?? 0 == run.done) }
        if run.done == 0 {
          #expect(isAtEnd && block.allSatisfy { $0 == 0 })
          break
        }
        offset += run.done
      }
    }
  }
}

private struct Event: Equatable {
  let message: String
  let timestamp: Int64
  let end: Int?

  init(_ message: String, _ timestamp: Int64, end: Int?) {
    self.message = message
    self.timestamp = timestamp
    self.end = end
  }
}

/// One call.
private struct Run {
  let assembler: EventAssembler
  private(set) var events: [Event] = []
  private(set) var done = 0
  private(set) var unfinished: EventAssembler.Unfinished?

  var messages: [String] { events.map(\.message) }

  init(
    _ rules: EventAssembler.Rules, _ text: String, _ ending: EventAssembler.InputEnd, _ unfinished: EventAssembler.Unfinished? = nil,
    now: Int64 = 1_795_341_600_000
  ) throws {
    self.init(try EventAssembler(rules), Array(text.utf8), ending, unfinished, now: now)
  }

  init(_ rules: EventAssembler.Rules, _ bytes: [UInt8], _ ending: EventAssembler.InputEnd) throws {
    self.init(try EventAssembler(rules), bytes, ending)
  }

  init(
    _ assembler: EventAssembler, _ bytes: [UInt8], _ ending: EventAssembler.InputEnd, _ unfinished: EventAssembler.Unfinished? = nil,
    now: Int64 = 1_795_341_600_000
  ) {
    self.assembler = assembler
    self.unfinished = unfinished
    var events: [Event] = []
    var state = unfinished
    done = bytes.withUnsafeBytes { block in
      assembler.forEachEvent(in: block, ending, unfinished: &state, now: now) { events.append(Event($0.text, $1, end: $2)) }
    }
    self.events = events
    self.unfinished = state
  }
}

/// What iconv makes of a text.
private func encode(_ text: String, _ name: String) throws -> [UInt8] {
  // Without a mark.
  let name = ["utf-16": "utf-16be", "utf-32": "utf-32le"][name] ?? name
  let converter = try #require(iconv_open(name, "UTF-8"))
  try #require(converter != iconv_t(bitPattern: -1))
  defer { iconv_close(converter) }
  var input = Array(text.utf8).map { CChar(bitPattern: $0) }
  var output = [CChar](repeating: 0, count: 4 * input.count + 16)
  var left = input.count
  var room = output.count
  let result = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      var from = input.baseAddress
      var to = output.baseAddress
      return iconv(converter, &from, &left, &to, &room)
    }
  }
  try #require(result != -1)
  return output.prefix(output.count - room).map { UInt8(bitPattern: $0) }
}

extension String {
  fileprivate func replacing(_ text: Unicode.Scalar) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars where scalar != text { scalars.append(scalar) }
    return String(scalars)
  }
}
