internal import Unix

/// The few words of a file of /sys, and numbers that `FieldScanner` does not know.
extension UnsafeRawBufferPointer {
  /// Without blanks and line feeds at either end.
  var trimmed: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: trimmed { $0 == 0x20 || (0x09...0x0D).contains($0) || $0 == 0 })
  }

  /// A whole number, which may begin with a minus; nil if it is none of 64 bits.
  var wholeNumber: Int64? {
    let isNegative = first == UInt8(ascii: "-")
    let digits = isNegative ? part(1..<count) : self
    guard !digits.isEmpty else { return nil }
    var value: Int64 = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      // Below 0, where there is room for one more.
      let (sum, carry) = tenfold.subtractingReportingOverflow(Int64(digit))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }

  /// A number such as `0.25` or `17`, not negative and below 2^53; nil if it is none.
  var decimalNumber: Double? {
    let point = firstIndex(of: UInt8(ascii: ".")) ?? count
    guard let whole = part(0..<point).wholeNumber, (0..<(1 << 53)).contains(whole), first != UInt8(ascii: "-") else { return nil }
    guard point < count else { return Double(whole) }
    let fraction = part(point + 1..<count)
    guard (1...15).contains(fraction.count), fraction[0] != UInt8(ascii: "-"), let digits = fraction.wholeNumber else { return nil }
    var scale = 1.0
    for _ in 0..<fraction.count { scale *= 10 }
    return Double(whole) + Double(digits) / scale
  }

  /// A number in hexadecimal, with or without `0x`; nil if it is none of 32 bits.
  var hexadecimalNumber: UInt32? {
    let digits = starts(with: "0x") ? part(2..<count) : self
    guard (1...8).contains(digits.count) else { return nil }
    var value: UInt32 = 0
    for byte in digits {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
