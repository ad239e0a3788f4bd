import Testing

@testable import Patterns

struct LiteralScannerTests {
  private func scanner(_ texts: [String]) -> LiteralScanner { LiteralScanner(texts.enumerated().map { (Array($1.utf8), $0) }) }

  private func owners(_ texts: [String], _ line: String) -> [Int] { owners(scanner(texts), line) }

  private func owners(_ scanner: LiteralScanner, _ line: String) -> [Int] {
    Array(line.utf8).withUnsafeBytes { bytes in
      var owners: [Int] = []
      var hit = scanner.first(in: bytes, from: 0)
      while let found = hit {
        owners.append(found.owner)
        hit = scanner.next(in: bytes, after: found)
      }
      return owners.sorted()
    }
  }

  static let cases: [([String], String, [Int])] = [
    (["ERROR"], "", []), (["ERROR"], "ERRO", []), (["ERROR"], "ERROR", [0]), (["ERROR"], "xERRORx", [0]),
    (["ERROR"], "ERRORERROR", [0, 0]),
    (["abc", "bcd"], "abcd", [0, 1]), (["abc", "abc"], "abc", [0, 1]), (["abc", "abcdefgh"], "abcdefgh", [0, 1]),
    (["abc", "abcdefgh"], "abcdefg", [0]), (["aaa"], "aaaaa", [0, 0, 0]), (["xyz"], "xy", []), (["a\"b\\c"], "__a\"b\\c", [0]),
  ]

  @Test(arguments: cases)
  func findsEachOccurrence(_ texts: [String], _ line: String, _ expected: [Int]) {
    #expect(owners(texts, line) == expected)
  }

  @Test func findsThemAtEveryPlace() {
    for texts in [["nee"], ["need"], ["needl"], ["needle in it"], ["needle", "dle"]] {
      let scanner = scanner(texts)
      for before in 0..<40 {
        for after in 0..<20 {
          let line = String(repeating: "-", count: before) + texts[0] + String(repeating: "e", count: after)
          #expect(owners(scanner, line).contains(0), "\(texts) in \(line)")
        }
      }
    }
  }

  /// Against the obvious loop, on texts of so few letters that nearly everything is marked.
  @Test func agreesWithTheObviousLoop() {
    var random = SystemRandomNumberGenerator()
    func text(_ lengths: ClosedRange<Int>) -> String {
      String((0..<Int.random(in: lengths, using: &random)).map { _ in "abcd".randomElement(using: &random) ?? "a" })
    }
    for _ in 0..<300 {
      let texts = (0..<Int.random(in: 1...8, using: &random)).map { _ in text(3...6) }
      let line = text(0...80)
      let expected = texts.indices.flatMap { number in
        line.utf8.indices.filter { line.utf8[$0...].starts(with: texts[number].utf8) }.map { _ in number }
      }
      #expect(owners(texts, line) == expected.sorted(), "\(texts) in \(line)")
    }
  }

  @Test func manyTextsShareBuckets() {
    let texts = (0..<400).map { "t\($0)-\($0 * 7919)" }
    let scanner = scanner(texts)
    for (number, text) in texts.enumerated() { #expect(owners(scanner, "..\(text) ..").contains(number)) }
  }
}
