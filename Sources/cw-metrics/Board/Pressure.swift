internal import Unix

/// Pressure stall information of one resource, `/proc/pressure`: for how long tasks have been waiting for it since the boot.
struct Pressure: Equatable {
  /// Microseconds in which at least one task waited.
  var some: UInt64?
  /// Microseconds in which all tasks that were not idle waited at once.
  var full: UInt64?

  /// Parses one file; nil if it is not as the kernel's documentation has it. The totals are taken, not the averages, which are those of
  /// ten seconds and more whenever they are asked for.
  static func parse(_ text: UnsafeRawBufferPointer) -> Pressure? {
    var pressure = Pressure()
    for line in Lines(text) {
      var fields = FieldScanner(line)
      guard let kind = fields.word() else { continue }
      var total: UInt64?
      while let word = fields.word() {
        guard word.starts(with: "total=") else { continue }
        var number = FieldScanner(word.part(6..<word.count))
        total = number.number()
      }
      switch kind {
      case "some": pressure.some = total
      case "full": pressure.full = total
      default: break
      }
    }
    return pressure.some == nil && pressure.full == nil ? nil : pressure
  }

  /// The share of a time that a total grew by, in percent; nil if the total went backwards or no time passed.
  ///
  /// - Parameters: totals in microseconds, the time in nanoseconds.
  static func percent(from earlier: UInt64?, to later: UInt64?, nanoseconds: Int64) -> Double? {
    guard let earlier, let later, later >= earlier, nanoseconds > 0 else { return nil }
    // The kernel's total and our clock are not read in the same instant.
    return min(100 * Double(later - earlier) * 1000 / Double(nanoseconds), 100)
  }
}
