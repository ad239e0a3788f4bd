import Testing

internal import FoundationEssentials
@testable internal import Records
internal import TestSupport
internal import Unix

@Suite struct JSONTextTests {
  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("say \"hi\"", #"say \"hi\""#), (#"a\b"#, #"a\\b"#), ("/", "/"), ("\u{8}\t\n\u{C}\r", #"\b\t\n\f\r"#),
    ("\u{0}\u{1}\u{B}\u{1F}", #"\u0000\u0001\u000b\u001f"#), ("\u{7F}", "\u{7F}"),
    ("Gr\u{FC}\u{DF}e \u{1F600}", "Gr\u{FC}\u{DF}e \u{1F600}"),
    ("\u{2028}\u{FFFD}\u{10FFFF}", "\u{2028}\u{FFFD}\u{10FFFF}"),
  ])
  func escapesWhatJSONDemandsAndNothingElse(text: String, escaped: String) {
    let (bytes, result) = Self.escape(Array(text.utf8))
    #expect(String(decoding: bytes, as: UTF8.self) == escaped)
    #expect(result.length == text.utf8.count)
    #expect(result.replacements == 0)
  }

  @Test(
    arguments: [
      ([0xFF], 1), ([0x61, 0x80, 0x62], 1), ([0x80, 0x80], 2), ([0xC3], 1), ([0xC0, 0xAF], 2), ([0xE2, 0x82], 1), ([0xE2, 0x82, 0x41], 1),
      ([0xED, 0xA0, 0x80], 3), ([0xF0, 0x9F, 0x98], 1), ([0xF4, 0x90, 0x80, 0x80], 4), ([0xF0, 0x9F, 0x22], 1),
      ([0xEF, 0xBF, 0xBD, 0xFF], 1),
    ] as [([UInt8], Int)])
  func repairsWhatIsNotUTF8(raw: [UInt8], replacements: Int) {
    let (bytes, result) = Self.escape(raw)
    let repaired = String(decoding: raw, as: UTF8.self)
    #expect(Self.unescape(bytes) == Array(repaired.utf8))
    #expect(result.length == repaired.utf8.count)
    #expect(result.replacements == replacements)
  }

  // A special byte at every place of the words that are looked at in one step.
  @Test(
    arguments: [[0x22], [0x5C], [0x00], [0x1F], [0x20], [0x21], [0x23], [0x5B], [0x7F], [0xC3, 0xA4], [0xF0, 0x9F, 0x98, 0x80], [0x80]]
      as [[UInt8]])
  func findsSpecialBytesAtEveryPlace(special: [UInt8]) throws {
    for length in 0...20 {
      for place in 0...length {
        var raw = [UInt8](repeating: 0x78, count: length)
        raw.insert(contentsOf: special, at: place)
        let (bytes, result) = Self.escape(raw)
        let text = String(decoding: raw, as: UTF8.self)
        #expect(try JSONValue([0x22] + bytes + [0x22]) == .string(text))
        #expect(Self.unescape(bytes) == Array(text.utf8))
        #expect(result.length == text.utf8.count)
        let scan = Self.scan(bytes)
        #expect(scan?.end == bytes.count)
        #expect(scan?.length == result.length)
        #expect(scan?.hasEscapes == (bytes != Array(text.utf8)))
      }
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func unescapingAScannedTextGivesTheTextBack(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<40 {
      let text = random.text(scalars: random.pick(0...60))
      let (bytes, result) = Self.escape(Array(text.utf8))
      let scan = try #require(Self.scan(bytes))
      #expect(scan.end == bytes.count)
      #expect(scan.length == text.utf8.count)
      #expect(result.length == text.utf8.count)
      #expect(result.replacements == 0)
      #expect(Self.unescape(bytes) == Array(text.utf8))
      #expect(try JSONValue([0x22] + bytes + [0x22]) == .string(text))
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func anyBytesBecomeWhatSwiftMakesOfThem(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<40 {
      let raw = random.bytes(count: random.pick(0...60))
      let text = String(decoding: raw, as: UTF8.self)
      let (bytes, result) = Self.escape(raw)
      #expect(Self.unescape(bytes) == Array(text.utf8))
      #expect(result.length == text.utf8.count)
      #expect(Self.scan(bytes)?.length == text.utf8.count)
      #expect(try JSONValue([0x22] + bytes + [0x22]) == .string(text))
    }
  }

  /// What other programs escape, they escape differently.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func readsWhatTheToolchainEscapes(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<20 {
      let text = random.text(scalars: random.pick(0...40))
      let json = Array(try JSONEncoder().encode(text))
      let scan = try #require(Self.scan(Array(json.dropFirst().dropLast())))
      #expect(scan.length == text.utf8.count)
      #expect(Self.unescape(Array(json[1..<scan.end + 1])) == Array(text.utf8))
    }
  }

  @Test(arguments: [
    (#"\u0041\u00e4\u20AC\/"#, "A\u{E4}\u{20AC}/"), (#"\ud83d\ude00"#, "\u{1F600}"), (#"\uD800\uDC00\uDBFF\uDFFF"#, "\u{10000}\u{10FFFF}"),
    (#"\u0000"#, "\u{0}"), (#"\uFFFF\ud7ff\ue000"#, "\u{FFFF}\u{D7FF}\u{E000}"),
  ])
  func readsEveryKindOfEscape(json: String, text: String) throws {
    let scan = try #require(Self.scan(Array(json.utf8)))
    #expect(scan.end == json.utf8.count)
    #expect(scan.length == text.utf8.count)
    #expect(scan.hasEscapes)
    #expect(Self.unescape(Array(json.utf8)) == Array(text.utf8))
  }

  @Test(arguments: [
    #"\x"#, #"\u12"#, #"\u12g4"#, #"\u 123"#, #"\u+123"#, #"\U0041"#, #"\ud83d"#, #"\ude00"#, #"\ud83d\u0041"#, #"\ud83dx"#, #"\ud83d\n"#,
    #"\ude00\ud83d"#, #"\ud83d\ud83d\ude00"#, "\n", "\u{0}", "\t", "\u{1F}",
  ])
  func scanRefusesWhatIsNoStringOfJSON(inside: String) {
    for padding in 0..<9 {
      let json = Array((String(repeating: "x", count: padding) + inside).utf8)
      #expect(Self.scan(json) == nil)
    }
  }

  @Test(arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
  func scanRefusesWhatIsNotUTF8(inside: [UInt8]) { #expect(Self.scan(inside) == nil) }

  @Test(arguments: ["", "no end", "escaped end\\\"", "long enough for two words, no end", #"\"#, #"\u00"#])
  func scanRefusesAStringWithoutEnd(text: String) {
    Array(text.utf8).withUnsafeBytes { json in
      #expect(JSONText.scan(json, from: 0) == nil)
      #expect(JSONText.scan(json, from: json.count) == nil)
      #expect(JSONText.scan(json, from: json.count + 1) == nil)
    }
    #expect(JSONText.scan(UnsafeRawBufferPointer(start: nil, count: 0), from: 0) == nil)
  }

  /// A string is good for us exactly if it is for the toolchain's decoder, and then says the same.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func agreesWithTheToolchainOnMutatedStrings(seed: UInt64) {
    var random = SeededGenerator(seed)
    for _ in 0..<60 {
      var (json, _) = Self.escape(Array(random.text(scalars: random.pick(1...12)).utf8))
      for _ in 0..<random.pick(1...3) where !json.isEmpty {
        let place = random.pick(0...json.count - 1)
        switch random.pick(0...2) {
        case 0: json[place] = random.bytes(count: 1)[0]
        case 1: json.insert(random.bytes(count: 1)[0], at: place)
        default: json.remove(at: place)
        }
      }
      let ours = Self.scan(json).flatMap { $0.end == json.count ? String(decoding: Self.unescape(json), as: UTF8.self) : nil }
      let theirs = try? JSONValue([0x22] + json + [0x22]).string
      #expect(ours == theirs, "\(json)")
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func cutsAtTheLastCharacterThatFits(seed: UInt64) {
    var random = SeededGenerator(seed)
    for _ in 0..<20 {
      let text = random.text(scalars: random.pick(0...30))
      let (json, _) = Self.escape(Array(text.utf8))
      let limit = random.pick(0...40)
      let (index, length) = json.withUnsafeBytes { JSONText.cut($0, limit: limit) }
      var expected = 0
      for scalar in text.unicodeScalars {
        guard expected + UTF8.width(scalar) <= limit else { break }
        expected += UTF8.width(scalar)
      }
      #expect(length == expected)
      #expect(Self.unescape(Array(json[..<index])) == Array(text.utf8.prefix(expected)))
      #expect(Self.unescape(Array(json[index...])) == Array(text.utf8.dropFirst(expected)))
    }
  }

  @Test func cutTearsNoEscape() {
    let json = Array(#"a\ud83d\ude00\n\u00e4b"#.utf8)
    let lengths = (0...9).map { limit in json.withUnsafeBytes { JSONText.cut($0, limit: limit).index } }
    #expect(lengths == [0, 1, 1, 1, 1, 13, 15, 15, 21, 22])
  }

  // MARK: -

  private static func escape(_ raw: [UInt8]) -> ([UInt8], JSONText.Escaped) {
    let buffer = ByteBuffer()
    buffer.append("before ")
    let result = raw.withUnsafeBytes { JSONText.appendEscaped($0, to: buffer) }
    return (Array(buffer.bytes.dropFirst(7)), result)
  }

  private static func unescape(_ json: [UInt8]) -> [UInt8] {
    let buffer = ByteBuffer()
    json.withUnsafeBytes { JSONText.appendUnescaped($0, to: buffer) }
    return Array(buffer.bytes)
  }

  /// Scans the inside of a string that stands in other text.
  private static func scan(_ inside: [UInt8]) -> JSONText.Scan? {
    let before = Array("{\"".utf8)
    return (before + inside + [0x22, 0x7D]).withUnsafeBytes { json in
      guard var scan = JSONText.scan(json, from: before.count) else { return nil }
      scan.end -= before.count
      return scan
    }
  }
}
