import Testing

internal import TestSupport
@testable internal import Unix

@Suite struct ByteBufferTests {
  @Test(arguments: [
    0, 7, -7, 9, 10, 99, 100, 1_795_341_600_000, Int64.max, Int64.max - 1, Int64.min, Int64.min + 1, 999_999_999_999_999_999,
    1_000_000_000_000_000_000,
  ])
  func writesNumbersInDecimal(_ value: Int64) {
    let buffer = ByteBuffer()
    buffer.append("n=")
    buffer.append(decimal: value)
    #expect(buffer.bytes.text == "n=\(value)")
  }

  @Test func writesEveryNumberOfDigits() {
    let buffer = ByteBuffer()
    var power: Int64 = 1
    for _ in 0..<18 {
      for value in [power - 1, power, -power, 1 - power] {
        buffer.removeAll()
        buffer.append(decimal: value)
        #expect(buffer.bytes.text == "\(value)")
      }
      power *= 10
    }
  }

  /// Every change is made to an array as well.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func holdsWhatAnArrayWould(seed: UInt64) {
    var random = SeededGenerator(seed)
    let buffer = ByteBuffer(capacity: 0)
    var model: [UInt8] = []
    for _ in 0..<300 {
      switch random.pick(0...7) {
      case 0, 1, 2:
        let piece = random.bytes(count: random.pick(0...200))
        buffer.append(piece)
        model += piece
      case 3:
        buffer.append(byte: 0xAB)
        model.append(0xAB)
      case 4:
        let text = random.text(scalars: 10)
        buffer.append(text)
        model += Array(text.utf8)
      case 5:
        let n = random.pick(-3...300)
        buffer.removeFirst(n)
        model.removeFirst(min(max(n, 0), model.count))
      case 6:
        let n = random.pick(-3...model.count + 50)
        buffer.truncate(to: n)
        model.removeLast(model.count - min(max(n, 0), model.count))
      default:
        let n = random.pick(0...100)
        let place = buffer.reserve(n)
        place.initializeMemory(as: UInt8.self, repeating: 0x5A, count: n)
        buffer.advance(n)
        model += [UInt8](repeating: 0x5A, count: n)
      }
      #expect(Array(buffer.bytes) == model)
      #expect(buffer.count == model.count)
      #expect(buffer.isEmpty == model.isEmpty)
      #expect(buffer.capacity >= buffer.count)
    }
  }

  @Test func givesBackMemoryOnlyWhenEmpty() {
    let buffer = ByteBuffer(capacity: 100)
    buffer.append([UInt8](repeating: 1, count: 10_000))
    buffer.shrink(to: 200)
    #expect(buffer.capacity >= 10_000)
    buffer.removeAll()
    buffer.shrink(to: 200)
    #expect(buffer.capacity == 200)
    buffer.append("still good")
    #expect(buffer.bytes.text == "still good")
  }

  @Test func shrinkingNeverGrows() {
    let buffer = ByteBuffer(capacity: 100)
    buffer.shrink(to: 1000)
    #expect(buffer.capacity == 100)
  }

  @Test(arguments: [(0, 1), (1, 1), (2, 3), (3, 3), (4, nil), (5, nil)] as [(Int, Int?)])
  func findsAByteFromAPlaceOn(start: Int, place: Int?) {
    Array("a\nb\n".utf8).withUnsafeBytes { #expect($0.firstIndex(of: 0x0A, from: start) == place) }
  }

  @Test func findsNothingInNothing() {
    let empty = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(empty.firstIndex(of: 0x0A) == nil)
    #expect(empty.text == "")
    let buffer = ByteBuffer()
    #expect(buffer.bytes.equals(empty))
    #expect(empty.equals(buffer.bytes))
  }

  @Test(arguments: [("", "", true), ("a", "", false), ("abc", "abc", true), ("abc", "abd", false), ("abc", "ab", false)])
  func comparesBytes(left: String, right: String, areEqual: Bool) {
    Array(left.utf8).withUnsafeBytes { left in
      Array(right.utf8).withUnsafeBytes { right in
        #expect(left.equals(right) == areEqual)
        #expect(right.equals(left) == areEqual)
      }
    }
  }

  @Test func comparesWithLiterals() {
    Array("source".utf8).withUnsafeBytes { bytes in
      #expect(bytes.equals("source"))
      #expect(!bytes.equals("sources"))
      #expect(!bytes.equals("Source"))
      #expect(bytes.part(0..<3).equals("sou"))
      #expect(bytes.part(6..<6).equals(""))
    }
  }

  @Test func readsBrokenTextWithReplacements() {
    ([0x61, 0xFF, 0x62] as [UInt8]).withUnsafeBytes { #expect($0.text == "a\u{FFFD}b") }
  }
}
