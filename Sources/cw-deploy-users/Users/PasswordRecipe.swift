internal import Config

/// How passwords are made: 32 characters with all classes among them, every such password equally likely.
struct PasswordRecipe: Equatable {
  /// Characters: 32, or what the pool's policy wants if that is more.
  let length: Int

  /// Symbols that count for Cognito, without those that a shell, JSON, XML, or a spreadsheet would take for its own.
  static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!@#%^*()-_=+".utf8)

  /// - Parameter minimumLength: the pool's policy has at most 99.
  init(minimumLength: Int) { length = min(max(32, minimumLength), 256) }

  /// - Parameter random: makes so many unpredictable bytes.
  func make(_ random: (Int) throws -> [UInt8]) rethrows -> Secret {
    // Larger bytes are skipped, so that every character is equally likely.
    let limit = 256 / Self.alphabet.count * Self.alphabet.count
    while true {
      var characters: [UInt8] = []
      while characters.count < length {
        for byte in try random(length) where byte < limit && characters.count < length {
          characters.append(Self.alphabet[Int(byte) % Self.alphabet.count])
        }
      }
      if Self.isValid(characters) { return Secret(String(decoding: characters, as: UTF8.self)) }
    }
  }

  // An invalid password is discarded as a whole, so that the others stay equally likely. With a symbol in front it would be a formula to a
  // spreadsheet, or an option to a program.
  private static func isValid(_ characters: [UInt8]) -> Bool {
    let classes = Set(characters.map(Class.init))
    return classes.count == 4 && characters.first.map(Class.init) != .symbol
  }

  private enum Class {
    case upper, lower, digit, symbol

    init(_ byte: UInt8) {
      switch byte {
      case 0x41...0x5A: self = .upper
      case 0x61...0x7A: self = .lower
      case 0x30...0x39: self = .digit
      default: self = .symbol
      }
    }
  }
}
