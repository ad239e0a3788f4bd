import Testing
import Unix

@testable import MetricsCommand

struct FieldScannerTests {
  @Test(
    "words are cut at spaces and tabs",
    arguments: [
      ("", []), ("   ", []), ("a", ["a"]), ("  a b\t c ", ["a", "b", "c"]), ("cpu  1 2", ["cpu", "1", "2"]),
    ])
  func words(line: String, words: [String]) {
    parsed(line) { bytes in
      var scanner = FieldScanner(bytes)
      var found: [String] = []
      while let word = scanner.word() { found.append(word.text) }
      #expect(found == words)
    }
  }

  @Test(
    "numbers are decimal, of 64 bits, and nothing else",
    arguments: [
      ("0", 0), ("007", 7), ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("99999999999999999999", nil),
      ("-1", nil), ("1x", nil), ("0x10", nil), ("1.5", nil), ("", nil),
    ] as [(String, UInt64?)])
  func numbers(text: String, number: UInt64?) {
    parsed(text) { bytes in
      var scanner = FieldScanner(bytes)
      #expect(scanner.number() == number)
    }
  }

  @Test(
    "an LF ends a line and begins none",
    arguments: [("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]), ("\n", [""])])
  func lines(text: String, lines: [String]) {
    parsed(text) { bytes in #expect(Lines(bytes).map(\.text) == lines) }
  }

  @Test func beginnings() {
    parsed("cpu") { bytes in
      #expect(bytes.starts(with: "cp"))
      #expect(bytes.starts(with: "cpu"))
      #expect(!bytes.starts(with: "cpu0"))
      #expect(!bytes.starts(with: "cpx"))
    }
  }
}
