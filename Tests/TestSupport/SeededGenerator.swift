/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed, so that a failing property fails again.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A number in `range`.
  package mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True once in `n` times.
  package mutating func oneIn(_ n: Int) -> Bool { pick(1...n) == 1 }

  /// Bytes of all values, those at which UTF-8 and JSON turn more often.
  package mutating func bytes(count: Int) -> [UInt8] {
    let turns: [UInt8] = [
      0x00, 0x0A, 0x0D, 0x1F, 0x20, 0x22, 0x5C, 0x75, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF,
      0xF0, 0xF4, 0xF5, 0xFF,
    ]
    return (0..<count).map { _ in
      oneIn(2) ? turns[pick(0...turns.count - 1)] : UInt8(truncatingIfNeeded: next())
    }
  }

  /// A text of ASCII, control characters, and scalars of every width.
  package mutating func text(scalars count: Int) -> String {
    var text = String.UnicodeScalarView()
    while text.count < count {
      let bound: UInt32 = [0x20, 0x80, 0x80, 0x80, 0x800, 0x10000, 0x110000][pick(0...6)]
      if let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: next()) % bound) { text.append(scalar) }
    }
    return String(text)
  }
}
