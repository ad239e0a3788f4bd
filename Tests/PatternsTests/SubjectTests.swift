import Testing

@testable import Patterns

struct SubjectTests {
  static let cases: [([UInt8], String, Bool)] = [
    ([], "", true), (Array("plain text, longer than a word".utf8), "plain text, longer than a word", true),
    (Array("größe".utf8), "größe", false),
    ([0x61, 0xFF, 0x62], "a\u{FFFD}b", false), ([0xE2, 0x82], "\u{FFFD}", false),
    ([0xE2, 0x82, 0x41, 0xC0, 0xAF], "\u{FFFD}A\u{FFFD}\u{FFFD}", false),
    ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}", false), ([0x61, 0x00, 0x62], "a\u{0}b", true),
  ]

  @Test(arguments: cases)
  func isAlwaysUTF8(_ line: [UInt8], _ text: String, _ isASCII: Bool) {
    let reader = SubjectReader()
    line.withUnsafeBytes { line in
      let subject = reader.read(line)
      #expect(Array(subject.bytes) == Array(text.utf8))
      #expect(subject.isASCII == isASCII)
    }
  }

  @Test func findsOneByteThatIsNotASCIIAnywhere() {
    for length in 1..<80 {
      for place in 0..<length {
        var line = [UInt8](repeating: 0x61, count: length)
        line[place] = 0x80
        line.withUnsafeBytes { #expect(!SubjectReader().read($0).isASCII) }
      }
    }
  }
}
