internal import Unix

/// What the firmware of a Raspberry Pi has had to do, `get_throttled`. The kernel asks it every two seconds and clears what it
/// remembers, so that these are states of now and of the last two seconds, not since the boot.
struct Throttling: Equatable {
  var frequencyIsCapped: Bool
  var isThrottled: Bool
  var isAtSoftTemperatureLimit: Bool

  /// Parses the number, hexadecimal without `0x`; nil if it is none.
  static func parse(_ text: UnsafeRawBufferPointer) -> Throttling? {
    guard let bits = text.hexadecimalNumber else { return nil }
    // The lower half: now; the upper half: since it was asked last.
    func isSet(_ bit: UInt32) -> Bool { bits & (1 << bit | 1 << (bit + 16)) != 0 }
    return Throttling(frequencyIsCapped: isSet(1), isThrottled: isSet(2), isAtSoftTemperatureLimit: isSet(3))
  }
}
