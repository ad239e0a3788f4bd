internal import Unix

/// What flash memory says of its wear.
enum FlashWear {
  /// How worn an eMMC device is, by JEDEC 84-B50, `EXT_CSD` 267 to 269.
  struct EMMC: Equatable {
    /// Percent of the life that is over, of memory of type A (SLC, mostly): the upper end of a step of 10; 110: all of it and more.
    var lifeTimeA: Double?
    /// Likewise of type B (MLC and TLC).
    var lifeTimeB: Double?
    /// 1: normal, 2: four fifths of the spare blocks are used, 3: nine tenths are.
    var preEndOfLife: Double?
  }

  /// Parses `life_time` of an eMMC device, such as `0x01 0x02`; nil if it is not as the kernel writes it.
  static func parse(lifeTime: UnsafeRawBufferPointer) -> (a: Double?, b: Double?)? {
    var fields = FieldScanner(lifeTime)
    guard let a = fields.word()?.hexadecimalNumber, let b = fields.word()?.hexadecimalNumber else { return nil }
    return (percent(a), percent(b))
  }

  /// Parses `pre_eol_info` of an eMMC device, such as `0x01`; nil: not defined.
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
}
