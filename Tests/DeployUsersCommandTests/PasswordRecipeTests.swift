import Config
import TestSupport
import Testing

@testable import DeployUsersCommand

@Suite struct PasswordRecipeTests {
  @Test(arguments: [(0, 32), (8, 32), (32, 32), (99, 99), (1000, 256)])
  func length(_ minimum: Int, _ expected: Int) {
    var generator = SeededGenerator(1)
    let password = PasswordRecipe(minimumLength: minimum).make { generator.uniform($0) }.text
    #expect(password.count == expected)
  }

  @Test func everyPasswordHasAllClassesAndBeginsWithNoSymbol() {
    var generator = SeededGenerator(2)
    let symbols = Set("!@#%^*()-_=+")
    for _ in 0..<2000 {
      let password = PasswordRecipe(minimumLength: 8).make { generator.uniform($0) }.text
      #expect(password.contains { $0.isUppercase } && password.contains { $0.isLowercase } && password.contains { $0.isNumber })
      #expect(password.contains { symbols.contains($0) })
      #expect(password.first.map { symbols.contains($0) } == false)
      #expect(password.utf8.allSatisfy { PasswordRecipe.alphabet.contains($0) })
    }
  }

  /// 222 to 255 would fall to the first 34 characters a fourth time.
  @Test func bytesWithoutAFairShareAreNotDrawnFrom() {
    var blocks: [[UInt8]] = [
      (222...255).map { $0 } + [0, 1, 2], Array(26..<36), [52, 53, 62, 63], Array(74..<89),
    ]
    let password = PasswordRecipe(minimumLength: 8).make { _ in blocks.isEmpty ? [] : blocks.removeFirst() }.text
    #expect(password == "ABCabcdefghij01!@ABCDEFGHIJKLMNO")
  }

  /// In 64,000 characters each of the 74 is to be expected 860 times or, for want of symbols in front, a little less.
  @Test func noCharacterIsFavoured() {
    var generator = SeededGenerator(3)
    var counts: [Character: Int] = [:]
    for _ in 0..<2000 {
      for character in PasswordRecipe(minimumLength: 8).make({ generator.uniform($0) }).text { counts[character, default: 0] += 1 }
    }
    #expect(counts.count == PasswordRecipe.alphabet.count)
    for (character, count) in counts { #expect((700...1020).contains(count), "\(character)") }
  }

  @Test func theAlphabetHasNothingTwice() { #expect(Set(PasswordRecipe.alphabet).count == 74) }
}

extension SeededGenerator {
  fileprivate mutating func uniform(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
