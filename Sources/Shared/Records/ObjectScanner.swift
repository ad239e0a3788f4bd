internal import Unix

/// Walks the members of one JSON object on one line, without building anything: what both record readers stand on.
package struct ObjectScanner {
  package let json: UnsafeRawBufferPointer
  private var offset = 0
  private var isFirst = true
  /// Whether the object was left by its closing brace with nothing but white space behind it.
  package private(set) var isComplete = false

  /// Nil if the line does not begin with an object.
  package init?(_ json: UnsafeRawBufferPointer) {
    self.json = json
    skipSpace()
    guard take(UInt8(ascii: "{")) else { return nil }
  }

  /// For one value that `value` has found.
  package init(value: UnsafeRawBufferPointer) { json = value }

  /// The next key as it stands between its quotes; nil at the end of the object and where the line is no JSON
  /// (`isComplete` tells which).
  package mutating func nextKey() -> UnsafeRawBufferPointer? {
    skipSpace()
    if take(UInt8(ascii: "}")) {
      skipSpace()
      isComplete = offset == json.count
      return nil
    }
    if !isFirst {
      guard take(UInt8(ascii: ",")) else { return nil }
      skipSpace()
    }
    isFirst = false
    guard let key = string() else { return nil }
    skipSpace()
    guard take(UInt8(ascii: ":")) else { return nil }
    skipSpace()
    return key.bytes
  }

  /// A string value: the bytes between its quotes, and what their text weighs.
  package mutating func string() -> (bytes: UnsafeRawBufferPointer, scan: JSONText.Scan)? {
    guard take(UInt8(ascii: "\"")), let scan = JSONText.scan(json, from: offset) else { return nil }
    let bytes = json.part(offset..<scan.end)
    offset = scan.end + 1
    return (bytes, scan)
  }

  /// A whole number that fits.
  package mutating func integer() -> Int64? {
    let start = offset
    let isNegative = take(UInt8(ascii: "-"))
    var value: Int64 = 0
    let firstDigit = offset
    while offset < json.count, case let digit = json[offset] &- 0x30, digit < 10 {
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = tenfold.subtractingReportingOverflow(Int64(digit))
      guard !overflow, !overflow2 else { return nil }
      value = sum
      offset += 1
    }
    guard offset > firstDigit, isNegative || value != Int64.min else { return nil }
    guard json[firstDigit] != 0x30 || offset == firstDigit + 1 else { return nil }
    // 1.0 and 1e3 are whole numbers to JSON, but no program of ours writes them.
    if offset < json.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(json[offset]) {
      offset = start
      guard let number = number(), let whole = Int64(exactly: number) else { return nil }
      return whole
    }
    return isNegative ? value : -value
  }

  /// Any number, as RFC 8259 §6 has them, that is not too large for a `Double`.
  package mutating func number() -> Double? {
    let start = offset
    _ = take(UInt8(ascii: "-"))
    guard take(UInt8(ascii: "0")) || takeDigits() else { return nil }
    if take(UInt8(ascii: ".")) {
      guard takeDigits() else { return nil }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      guard takeDigits() else { return nil }
    }
    guard let value = Double(json.part(start..<offset).text), value.isFinite else { return nil }
    return value
  }

  /// An array of numbers.
  package mutating func numbers() -> [Double]? {
    var values: [Double] = []
    let isWhole = elements { scanner in
      guard let value = scanner.number() else { return false }
      values.append(value)
      return true
    }
    return isWhole ? values : nil
  }

  /// An array, element by element: `element` takes one value from the scanner each time, and returns false if it is none
  /// that it wants. False if the array is not whole.
  package mutating func elements(_ element: (inout ObjectScanner) -> Bool) -> Bool {
    guard take(UInt8(ascii: "[")) else { return false }
    skipSpace()
    if take(UInt8(ascii: "]")) { return true }
    while true {
      skipSpace()
      guard element(&self) else { return false }
      skipSpace()
      if take(UInt8(ascii: "]")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  /// `true` or `false`.
  package mutating func boolean() -> Bool? {
    guard let word = value() else { return nil }
    return word.equals("true") ? true : word.equals("false") ? false : nil
  }

  /// An object value, as its own bytes.
  package mutating func object() -> UnsafeRawBufferPointer? { nextByte == UInt8(ascii: "{") ? value() : nil }

  /// A value of any kind, as its own bytes.
  package mutating func value() -> UnsafeRawBufferPointer? {
    let start = offset
    return skipValue() ? json.part(start..<offset) : nil
  }

  /// The byte with which the next value begins, which tells its kind; nil at the end.
  package var nextByte: UInt8? { offset < json.count ? json[offset] : nil }

  /// Steps over a value of any kind. False if there is none; numbers and words are not checked closely.
  package mutating func skipValue() -> Bool {
    var depth = 0
    repeat {
      skipSpace()
      guard offset < json.count else { return false }
      switch json[offset] {
      case UInt8(ascii: "\""):
        guard string() != nil else { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        offset += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { return false }
        depth -= 1
        offset += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard depth > 0 else { return false }
        offset += 1
      default:
        let start = offset
        while offset < json.count, Self.isNumberByte(json[offset]) || Self.isLetter(json[offset]) { offset += 1 }
        guard offset > start else { return false }
      }
    } while depth > 0
    return true
  }

  @inline(__always)
  private mutating func take(_ byte: UInt8) -> Bool {
    guard offset < json.count, json[offset] == byte else { return false }
    offset += 1
    return true
  }

  // At least one.
  private mutating func takeDigits() -> Bool {
    let start = offset
    while offset < json.count, json[offset] &- 0x30 < 10 { offset += 1 }
    return offset > start
  }

  @inline(__always)
  private mutating func skipSpace() {
    // Between the records' own bytes there is none: one comparison tells.
    while offset < json.count, json[offset] <= 0x20 {
      switch json[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
