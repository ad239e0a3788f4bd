import Testing

@testable import Config

/// Whatever a file holds, reading it ends in a configuration or an error, and a warning or error names a line of the file.
struct MutationTests {
  /// SplitMix64: the same mutations in every run.
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let snippets =
    [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "true", "-", "1e9", "0.0000001", "\n", "\u{FEFF}", "{}", "[[]]",
      "\"\"",
      "99999999999999999999999999", "\"password\":", "\"agent\":", "\"collect_list\":", "é", "\0",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]

  private func mutate(_ text: inout [UInt8], _ random: inout Random) {
    let location = Int.random(in: 0...text.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: text.insert(contentsOf: Self.snippets.randomElement(using: &random) ?? [], at: location)
    case 1: text.removeSubrange(location..<min(text.count, location + Int.random(in: 0..<40, using: &random)))
    case 2 where location < text.count: text[location] = UInt8.random(in: 0...255, using: &random)
    default:
      let end = min(text.count, location + Int.random(in: 0..<200, using: &random))
      text.insert(contentsOf: text[location..<end], at: Int.random(in: 0...text.count, using: &random))
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func neverCrashes(_ seed: UInt64) {
    var random = Random(state: seed)
    for _ in 0..<250 {
      var text = Array((Bool.random(using: &random) ? everyKeyOfTheOriginal : everyKeyOfTheAgent).utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&text, &random) }
      guard let file = try? ConfigurationFile(path: "f", text: text) else { continue }
      let lines = text.count { $0 == 0x0A } + 1
      #expect(file.diagnostics.allSatisfy { (1...lines).contains($0.line) })
      #expect(file.patterns.allSatisfy { (1...lines).contains($0.line) })
      if file.errors.isEmpty {
        #expect(throws: Never.self) { try ConfigurationFile(path: "f", text: Array(file.configuration.effective.value.text.utf8)) }
      }
    }
  }

  /// Every value of the file replaced by one of every kind.
  @Test(arguments: [(everyKeyOfTheOriginal, 40), (everyKeyOfTheAgent, 128)])
  func everyValueMayBeOfAnyKind(_ text: String, _ values: Int) throws {
    let root = try JSONParser.parse(Array(text.utf8))
    let kinds: [JSON.Value] = [
      .null, .boolean(true), .number(-1), .number(1e300), .text(""), .text("a b\u{1B}"), .list([]), .list([JSON(.null)]), .object([]),
      .object([JSON.Member(key: "", line: 1, value: JSON(.null))]),
    ]
    var count = 0
    for kind in kinds {
      var index = 0
      while let mutated = root.replacing(index, by: kind) {
        _ = ConfigurationReader(mutated)
        index += 1
      }
      count += index
    }
    #expect(count == kinds.count * values)
  }
}

extension JSON {
  /// The tree with its value number `index`, counted in the order of the text, replaced; nil if there are fewer.
  fileprivate func replacing(_ index: Int, by new: Value) -> JSON? {
    var left = index
    let result = replaced(&left, new)
    return left < 0 ? result : nil
  }

  private func replaced(_ left: inout Int, _ new: Value) -> JSON {
    left -= 1
    if left == -1 { return JSON(new, line: line) }
    switch value {
    case .list(let elements): return JSON(.list(elements.map { $0.replaced(&left, new) }), line: line)
    case .object(let members):
      return JSON(.object(members.map { Member(key: $0.key, line: $0.line, value: $0.value.replaced(&left, new)) }), line: line)
    case .null, .boolean, .number, .text: return self
    }
  }
}
