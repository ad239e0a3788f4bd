internal import ArgumentParser

/// A size on the command line: bytes, or K, M or G of 1024 each.
package struct ByteSize: ExpressibleByArgument, Equatable {
  package let bytes: Int

  /// Nil if the text is no such size, or a larger one than memory has addresses.
  package init?(argument: String) {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = argument.last.flatMap { units[$0] }
    guard let number = Int(unit == nil ? argument[...] : argument.dropLast()), number >= 0 else { return nil }
    let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit ?? 1)
    guard !isTooLarge else { return nil }
    self.bytes = bytes
  }
}
