internal import Unix

/// What flash memory says of its wear.
enum FlashWear {
  /// Parses `life_time` of an eMMC device, such as `0x01 0x02`: how much of its life is over, in percent, of memory of type A (mostly SLC)
  /// and B (MLC and TLC), by JEDEC 84-B50. The upper end of a step of 10; 110: all of it and more. Nil if it is not as the kernel
  /// writes it.
  static func parse(lifeTime: UnsafeRawBufferPointer) -> (a: Double?, b: Double?)? {
    var fields = FieldScanner(lifeTime)
    guard let a = fields.word()?.hexadecimalNumber, let b = fields.word()?.hexadecimalNumber else { return nil }
    return (percent(a), percent(b))
  }

  /// Parses `pre_eol_info` of an eMMC device, such as `0x01`: 1 is normal, 2 says that four fifths of the spare
  /// blocks are used, 3 that nine tenths are; nil: not defined.
  static func parse(preEndOfLife: UnsafeRawBufferPointer) -> Double? {
    guard let value = preEndOfLife.hexadecimalNumber, (1...3).contains(value) else { return nil }
    return Double(value)
  }

  // 0: not defined; above 11: reserved.
  private static func percent(_ step: UInt32) -> Double? { (1...11).contains(step) ? Double(step) * 10 : nil }

  /// Parses `lifetime_write_kbytes` of a file system: bytes written since it was made; nil if it is no number.
  static func parse(lifetimeWriteKilobytes: UnsafeRawBufferPointer) -> Double? {
    var fields = FieldScanner(lifetimeWriteKilobytes)
    return fields.number().map { Double($0) * 1024 }
  }

  /// Parses `errors_count` of a file system; nil if it is no number.
  static func parse(count: UnsafeRawBufferPointer) -> Double? {
    var fields = FieldScanner(count)
    return fields.number().map { Double($0) }
  }
}
