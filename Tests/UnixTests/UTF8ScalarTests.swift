import Testing

@testable internal import Unix

@Suite struct UTF8ScalarTests {
  private static let boundaries: [UInt32] = [
    0x0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD000, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x3FFFF, 0x40000, 0xFFFFF,
    0x100000, 0x10FFFF,
  ]

  @Test func writesAndMeasuresScalarsAsSwiftDoes() throws {
    let scalars = (Self.boundaries + stride(from: 0, to: 0x110000, by: 61)).compactMap { Unicode.Scalar($0) }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
    defer { memory.deallocate() }
    let base = try #require(memory.baseAddress)
    for scalar in scalars {
      let expected = Array(String(scalar).utf8)
      var out = base
      UTF8Scalar.store(scalar.value, &out)
      #expect(memory.prefix(out - base).elementsEqual(expected))
      #expect(UTF8Scalar.width(of: scalar.value) == expected.count)
      guard scalar.value >= 0x80 else { continue }
      #expect(UTF8Scalar.length(at: base, base + expected.count) == expected.count)
      #expect(UTF8Scalar.length(at: base, base + memory.count) == expected.count, "what stands behind does not matter")
      for short in 1..<expected.count {
        #expect(UTF8Scalar.length(at: base, base + short) == 0)
        #expect(UTF8Scalar.invalidLength(at: base, base + short) == short, "one U+FFFD for a scalar that was cut off")
      }
    }
  }

  /// All sequences of four bytes at the edges of table 3-7, against Swift's own decoder.
  @Test func takesTheBytesThatSwiftTakes() {
    let edges: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF]
    let firsts: [UInt8] =
      edges.filter { $0 >= 0x80 } + [0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF]
    for first in firsts {
      for second in edges + [0xC2] {
        for third in edges + [0xE1] {
          for fourth in edges {
            let bytes = [first, second, third, fourth]
            let (length, isValid) = Self.decodeFirst(bytes)
            bytes.withUnsafeBytes { raw in
              guard let base = raw.baseAddress else { return }
              #expect(UTF8Scalar.length(at: base, base + 4) == (isValid ? length : 0), "\(bytes)")
              if !isValid { #expect(UTF8Scalar.invalidLength(at: base, base + 4) == length, "\(bytes)") }
            }
          }
        }
      }
    }
  }

  @Test func cutsWhereTheRepairedTextStillFits() throws {
    let units: [[UInt8]] = [[0x61], Array("ä".utf8), Array("€".utf8), Array("\u{1F600}".utf8), [0xFF], [0xE2, 0x82], [0xF0, 0x9F, 0x98]]
    var state: UInt32 = 1
    for _ in 0..<500 {
      var bytes: [UInt8] = []
      state = state &* 1_664_525 &+ 1_013_904_223
      for shift in 0..<(state >> 28) {
        state = state &* 1_664_525 &+ 1_013_904_223 &+ shift
        bytes += units[Int(state >> 16) % units.count]
      }
      for limit in 3...12 {
        let end = bytes.withUnsafeBytes { UTF8Scalar.cut($0, limit: limit) }
        let (head, rest) = (String(decoding: bytes[..<end], as: UTF8.self), String(decoding: bytes[end...], as: UTF8.self))
        #expect(head + rest == String(decoding: bytes, as: UTF8.self), "nothing is torn")
        #expect(head.utf8.count <= limit)
        if let next = rest.unicodeScalars.first { #expect(head.utf8.count + String(next).utf8.count > limit, "no shorter than it must be") }
      }
    }
  }

  /// How many of the bytes Swift's decoder takes first, and whether they are a scalar.
  private static func decodeFirst(_ bytes: [UInt8]) -> (length: Int, isValid: Bool) {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    switch parser.parseScalar(from: &iterator) {
    case .valid(let scalar): return (scalar.count, true)
    case .error(let length): return (length, false)
    case .emptyInput: return (0, false)
    }
  }
}
