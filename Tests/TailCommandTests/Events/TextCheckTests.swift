import Testing

internal import Config
@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite struct TextCheckTests {
  private let check = TextCheck()

  private func assembler(_ rules: EventAssembler.Rules) throws -> EventAssembler {
    let assembler = try EventAssembler(rules)
    assembler.check = check
    return assembler
  }

  private func read(_ assembler: EventAssembler, _ text: String, _ ending: EventAssembler.InputEnd = .open) {
    read(assembler, Array(text.utf8), ending)
  }

  private func read(_ assembler: EventAssembler, _ text: [UInt8], _ ending: EventAssembler.InputEnd = .open) {
    var unfinished: EventAssembler.Unfinished?
    _ = text.withUnsafeBytes { assembler.forEachEvent(in: $0, ending, unfinished: &unfinished, now: 5) { _, _, _ in } }
  }

  private static let dated = EventAssembler.Rules(timestampFormat: "%Y-%m-%d", timezone: .utc)

  @Test func aFormatThatMatchesNothingIsSaidOnceWithALine() throws {
    let assembler = try assembler(Self.dated)
    read(assembler, String(repeating: "22/11/2026 x\n", count: 99))
    #expect(check.take() == [])
    read(assembler, "2026-11-22 one that it matches\n" + String(repeating: "22/11/2026 x\n", count: 99))
    #expect(check.take() == [])
    read(assembler, "22/11/2026 \u{1B}[1mlast\n")
    let said = check.take()
    #expect(
      said.count == 1
        && said[0].hasSuffix(
          "100 lines has a time as timestamp_format says, so they have the time at which they are read: 22/11/2026 \u{1B}[1mlast")
    )
    read(assembler, String(repeating: "22/11/2026 x\n", count: 1000))
    #expect(check.take() == [])
  }

  @Test func aLongLineIsShownInPart() throws {
    let assembler = try assembler(Self.dated)
    read(assembler, String(repeating: String(repeating: "x", count: 100_000) + "\n", count: 100))
    #expect(check.take().first.map { (200...300).contains($0.utf8.count) && $0.hasSuffix("xxx...") } == true)
  }

  /// Where each event begins with a time, and none does, all lines are one event.
  @Test func theLinesOfOneEventAreCounted() throws {
    let assembler = try assembler(EventAssembler.Rules(multiLineStart: .timestamp, timestampFormat: "%Y-%m-%d", timezone: .utc))
    read(assembler, String(repeating: "22/11/2026 x\n", count: 100), .quiet)
    #expect(check.take().count == 1)
  }

  @Test func theLinesOfATraceAreNotCounted() throws {
    let assembler = try assembler(EventAssembler.Rules(multiLineStart: .pattern(#"^\S"#), timestampFormat: "%Y-%m-%d", timezone: .utc))
    read(assembler, String(repeating: "2026-11-22 x\n" + String(repeating: "  at y\n", count: 300), count: 3), .last)
    #expect(check.take() == [])
  }

  @Test(arguments: [false, true])
  func utf16WithoutAMarkIsNoticed(isBigEndian: Bool) throws {
    let wide: [UInt8] = Array("a line of ASCII\r\nanother line\r\nand one more\r\n".utf8).flatMap { isBigEndian ? [0, $0] : [$0, 0] }
    read(try assembler(EventAssembler.Rules(encoding: "utf-16")), wide)
    #expect(check.take() == [])
    for _ in 0..<2 { read(try assembler(EventAssembler.Rules()), wide) }
    let said = check.take()
    #expect(said.count == 1 && said[0].hasPrefix("it looks like utf-16 and is read as UTF-8; give it the encoding \"utf-16\""))
  }

  @Test(arguments: ["\0\0\0\0an ordinary line\n", "\0a\0b\0c\n", "\0" + "ab\0\0".repeated(20) + "\n"])
  func noOtherNULsAre(line: String) throws {
    read(try assembler(EventAssembler.Rules()), line)
    #expect(check.take() == [])
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0], "it begins like utf-16"), ([0, 0, 0xFE, 0xFF], "it begins like utf-32"), ([0xEF, 0xBB, 0xBF, 0x61], nil),
    ] as [([UInt8], String?)])
  func aMarkIsNoticed(head: [UInt8], sentence: String?) {
    head.withUnsafeBytes { check.note(undecoded: $0) }
    #expect(check.take().map { $0.hasPrefix(sentence ?? "?") } == (sentence == nil ? [] : [true]))
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
