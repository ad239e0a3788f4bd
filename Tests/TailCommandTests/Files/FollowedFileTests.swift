import Testing

internal import Records
@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite final class FollowedFileTests {
  private let folder: TemporaryFolder
  private let file: FollowedFile
  private let writer = LogRecordWriter(buffer: ByteBuffer())
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: FollowedFile.memorySize, alignment: 16)
  private let source: LogRecordWriter.Source
  private let assembler: EventAssembler

  // What one event may have: 1 MiB with 26 bytes of overhead ("PutLogEvents", API Reference).
  private static let longest = 1_048_550

  init() throws {
    folder = try TemporaryFolder()
    try folder.append("a", "")
    assembler = try EventAssembler(EventAssembler.Rules())
    source = LogRecordWriter.Source(folder.file("a"))
    file = FollowedFile(try FileByteSource(path: folder.file("a")))
  }

  deinit { memory.deallocate() }

  @Test(
    arguments: [
      ("", []), ("a\n", ["a"]), ("a\nb\nc\n", ["a", "b", "c"]), ("a\r\nb\n", ["a", "b"]), ("a\r\r\n", ["a\r"]), ("\r\n", []),
      ("\n\n\n", []),
      ("\na\n\nb\n\n", ["a", "b"]), (" \n\t\n", [" ", "\t"]), ("a\rb\u{85}c\u{2028}d\n", ["a\rb\u{85}c\u{2028}d"]), ("a\nhalf", ["a"]),
      ("half", []),
      ("nul\u{0}\u{1B}[0m\n", ["nul\u{0}\u{1B}[0m"]), (#"{"source":"/etc/shadow"}"# + "\n", [#"{"source":"/etc/shadow"}"#]),
    ] as [(String, [String])])
  func eachLineIsAnEvent(content: String, messages: [String]) throws {
    for blockSize in [1, 2, 3, 7, 1 << 17] {
      try folder.overwrite("a", "")
      _ = try read(blockSize: blockSize)
      try folder.append("a", content)
      #expect(try read(blockSize: blockSize).compactMap(\.message) == messages)
      #expect(try read(blockSize: blockSize) == [], "nothing comes twice")
    }
  }

  @Test func bytesThatAreNotUTF8AreRepaired() throws {
    try folder.append("a", [0x61, 0xFF, 0x62, 0x0A, 0xC3, 0x0A, 0xA4, 0x0A])
    #expect(try read().map(\.message) == ["a\u{FFFD}b", "\u{FFFD}", "\u{FFFD}"])
  }

  /// copytruncate, with a writer that is quicker than the next look.
  @Test(arguments: ["bbbb\n", "longer than before\nand more\n"])
  func aFileThatWasEmptiedAndHasGrownAgainBeginsAnew(_ content: String) throws {
    try folder.append("a", "aaaa\n")
    #expect(try read().map(\.message) == ["aaaa"])
    try folder.overwrite("a", content)
    // The moment of the change counts, however coarse the file system's clock is.
    var times = [timespec(tv_sec: 1_000_000_000, tv_nsec: 0), timespec(tv_sec: 1_000_000_000, tv_nsec: 0)]
    try #require(utimensat(AT_FDCWD, folder.file("a"), &times, 0) == 0)
    #expect(try read().compactMap(\.message) == content.split(separator: "\n").map(String.init))
    #expect(try read() == [], "nothing comes twice")
  }

  @Test func aHalfLineWaitsForItsRest() throws {
    try folder.append("a", "one\ntw")
    #expect(try read().map(\.message) == ["one"])
    #expect(file.offset == 4)
    try folder.append("a", "o")
    #expect(try read() == [])
    try folder.append("a", "\nth")
    #expect(try read().map(\.message) == ["two"])
    #expect(file.offset == 8)
  }

  @Test func theLastLineNeedsNoLineFeed() throws {
    try folder.append("a", "one\ntwo")
    #expect(try read() == [record("one")])
    #expect(try read(isLast: true) == [record("two")])
    #expect(file.offset == 7)
    #expect(try read(isLast: true) == [])
  }

  @Test(arguments: [false, true])
  func anEventOfSeveralLinesEndsWhenNothingComesForAWhile(wasThereBefore: Bool) throws {
    let assembler = try EventAssembler(EventAssembler.Rules(multiLineStart: .pattern("^[a-z]")))
    var file = file
    var now: Int64 = 1_000_000_000_000
    func read() throws -> [String] {
      while true {
        let step = try file.read(
          FollowedFile.Reading(
            writer: writer, source: source, assembler: assembler, memory: memory, blockSize: 1 << 17, isLast: false, now: 1000,
            monotonic: now, token: \.text))
        if step == .atEnd { return try take().compactMap(\.message) }
      }
    }
    try folder.append("a", "one\n 1\ntwo\n 2\n")
    if wasThereBefore { file = FollowedFile(try FileByteSource(path: folder.file("a"))) }
    #expect(try read() == ["one\n 1"])
    now += FollowedFile.multiLineTimeout - 1
    #expect(try read() == [])
    try folder.append("a", " 2b\n")
    #expect(try read() == [], "it goes on")
    now += FollowedFile.multiLineTimeout - 1
    #expect(try read() == [])
    now += 1
    #expect(try read() == ["two\n 2\n 2b"])
  }

  @Test func theLastRecordOfABlockCarriesThePosition() throws {
    try folder.append("a", "one\ntwo\nthree\n")
    #expect(try read().map(\.hasPosition) == [false, false, true])
    try folder.append("a", "four\n\n")
    #expect(try read() == [record("four")], "what follows it has no record of its own")
    try folder.append("a", "\n")
    #expect(try read() == [record(nil, timestamp: nil)], "empty lines are done too")
    #expect(file.offset == 21)
  }

  /// What follows it would come again with it after a kill, and together they may be more than a request.
  @Test(arguments: [40_000, 70_000, 600_000])
  func aLongEventHasAPositionOfItsOwn(length: Int) throws {
    try folder.append("a", "a\n" + String(repeating: "x", count: length) + "\n" + String(repeating: "b\n", count: 1000))
    let records = try read()
    #expect(records.count == 1002)
    #expect(records.prefix(2).map(\.hasPosition) == [true, true])
  }

  @Test func saysThatItWasEmptied() throws {
    try folder.append("a", "one\ntwo\n")
    #expect(try step() == .mayHaveBeenEmptied)
    #expect(try step() == .more)
    #expect(try step() == .atEnd)
    try folder.overwrite("a", "new\n")
    #expect(try step() == .truncated)
    file.beginAnew()
    #expect(file.offset == 0)
    #expect(try step() == .more)
    #expect(try step() == .atEnd)
    #expect(try take().map(\.message) == ["one", "two", "new"])
  }

  @Test(arguments: [0, 1, 2])
  func aLineOfTheLongestLengthIsOneEvent(extra: Int) throws {
    let line = String(repeating: "x", count: Self.longest + extra)
    try folder.append("a", "before\n\(line)\nafter\n")
    let messages = try read().compactMap(\.message)
    #expect(messages.first == "before")
    #expect(messages.last == "after")
    #expect(messages.dropFirst().dropLast().map(\.utf8.count) == (extra == 0 ? [Self.longest] : [Self.longest, extra]))
  }

  @Test(arguments: [("x", 1 << 17), ("\u{E4}", 1 << 12), ("\u{20AC}", 1 << 17), ("a\u{1F600}", 1 << 17)])
  func aLineOfThreeMebibytesComesInPieces(unit: String, blockSize: Int) throws {
    let line = String(repeating: unit, count: (3 << 20) / unit.utf8.count)
    try folder.append("a", "before\n\(line)")
    var records = try read(blockSize: blockSize)
    let whole = records.count - 1
    #expect(records.dropFirst().allSatisfy { !$0.hasPosition }, "a later run must not begin inside the line")
    #expect(file.offset == 7 + records.dropFirst().reduce(0) { $0 + Int64($1.message?.utf8.count ?? 0) })
    try folder.append("a", "\nafter\n")
    records += try read(blockSize: blockSize)
    #expect(records.last == record("after"))
    let pieces = records.dropFirst().dropLast().compactMap(\.message)
    #expect(pieces.joined() == line)
    #expect(pieces.allSatisfy { $0.utf8.count <= Self.longest && !$0.isEmpty })
    #expect(pieces.dropLast().allSatisfy { $0.utf8.count >= Self.longest - 4 })
    #expect(whole == pieces.count - 1)
  }

  @Test func aLongLineThatIsNoTextComesWholeToo() throws {
    try folder.append("a", [UInt8](repeating: 0x80, count: 2_500_000) + [0x0A])
    let messages = try read().compactMap(\.message)
    #expect(messages.map(\.unicodeScalars.count).reduce(0, +) == 2_500_000)
  }

  /// However it grows and is read, each line comes once, in order, and nothing else comes.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func readsWhatIsAppended(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    var content: [UInt8] = []
    var messages: [String] = []
    for _ in 0..<40 {
      var piece = random.oneIn(4) ? random.bytes(count: random.pick(0...3000)) : Array(random.text(scalars: random.pick(0...30)).utf8)
      // What NULs mean is the form's business.
      piece.removeAll { $0 == 0 }
      try folder.append("a", piece)
      content += piece
      messages += try read(blockSize: random.pick(1...500)).compactMap(\.message)
    }
    messages += try read(isLast: true).compactMap(\.message)
    var lines = content.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    let last = lines.removeLast()
    let expected = lines.map { $0.last == 0x0D ? $0.dropLast() : $0[...] } + [last[...]]
    #expect(messages == expected.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) })
  }

  // MARK: -

  private func record(_ message: String?, hasPosition: Bool = true, timestamp: Int64? = 1000) -> WrittenRecord {
    WrittenRecord(source: folder.file("a"), hasPosition: hasPosition, timestamp: timestamp, message: message)
  }

  private func step(blockSize: Int = 1 << 17, isLast: Bool = false, now: Int64 = 1000) throws -> FollowedFile.ReadOutcome {
    try file.read(
      FollowedFile.Reading(
        writer: writer, source: source, assembler: assembler, memory: memory, blockSize: blockSize, isLast: isLast, now: now, monotonic: 0,
        token: \.text))
  }

  /// Reads to the present end.
  private func read(blockSize: Int = 1 << 17, isLast: Bool = false) throws -> [WrittenRecord] {
    while true {
      switch try step(blockSize: blockSize, isLast: isLast) {
      case .more: continue
      case .truncated, .overwritten, .compressed: file.beginAnew()
      case .mayHaveBeenEmptied: continue
      case .atEnd: return try take()
      }
    }
  }

  private func take() throws -> [WrittenRecord] {
    defer { writer.buffer.removeAll() }
    return try WrittenRecord.all(writer.buffer.bytes)
  }
}
