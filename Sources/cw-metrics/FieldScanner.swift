internal import Unix

/// Words and numbers of one line of a /proc file, from the left; blanks are spaces and tabs.
struct FieldScanner {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ line: UnsafeRawBufferPointer) { bytes = line }

  /// The next word, or nil at the end of the line.
  mutating func word() -> UnsafeRawBufferPointer? {
    while offset < bytes.count, isBlank(bytes[offset]) { offset += 1 }
    let start = offset
    while offset < bytes.count, !isBlank(bytes[offset]) { offset += 1 }
    return start < offset ? bytes.part(start..<offset) : nil
  }

  /// The next word as a decimal number; nil if there is none, or if it is no number of 64 bits.
  mutating func number() -> UInt64? {
    guard let word = word() else { return nil }
    var value: UInt64 = 0
    for byte in word {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(UInt64(digit))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension UnsafeRawBufferPointer {
  func starts(with prefix: StaticString) -> Bool {
    count >= prefix.utf8CodeUnitCount && part(0..<prefix.utf8CodeUnitCount).equals(prefix)
  }
}

/// So that a `switch` over the words of a file can have their text as its cases.
func ~= (text: StaticString, word: UnsafeRawBufferPointer) -> Bool { word.equals(text) }
