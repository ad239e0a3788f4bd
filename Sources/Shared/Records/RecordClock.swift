package import Unix

/// The clock of the machine that wrote a record, in the moment at which the event was read, as the record carries it:
/// `5f0c2a17:1795341600000:360123`, the boot, what the wall clock showed, and the milliseconds since the boot.
///
/// An event whose `timestamp` is what the wall clock showed was stamped by it; any other has a time of its own. A
/// reader that knows the true time, in the same boot, learns from the record when that event was read, however wrong the wall clock was.
package struct RecordClock: Equatable {
  package var boot: UInt32
  package var reading: Clock.Reading

  /// A reading of the clocks in a boot, which `BootIdentity` numbers.
  package init(boot: UInt32, reading: Clock.Reading) {
    self.boot = boot
    self.reading = reading
  }

  /// Nil if the text is no clock.
  package init?(_ text: UnsafeRawBufferPointer) {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 8, let boot = BootIdentity.parse(String(decoding: parts[0], as: UTF8.self)),
      let realtime = Self.number(parts[1]), let sinceBoot = Self.number(parts[2])
    else { return nil }
    self.init(boot: boot, reading: Clock.Reading(realtime: realtime, sinceBoot: sinceBoot))
  }

  /// Whether it is another clock by now, or the first; two readings of one clock tell boot times up to a second apart.
  package func wasSet(since earlier: RecordClock?) -> Bool {
    guard let earlier, earlier.boot == boot else { return true }
    return abs(reading.bootTime &- earlier.reading.bootTime) > 1000
  }

  /// Appends the text of the clock, as records have it.
  package func append(to buffer: ByteBuffer) {
    let digits = String(boot, radix: 16)
    for _ in digits.utf8.count..<8 { buffer.append(byte: UInt8(ascii: "0")) }
    buffer.append(digits)
    for number in [reading.realtime, reading.sinceBoot] {
      buffer.append(byte: UInt8(ascii: ":"))
      buffer.append(decimal: number)
    }
  }

  // Few enough digits for any sum of such numbers.
  private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int64? {
    guard (1...16).contains(digits.count) else { return nil }
    var number: Int64 = 0
    for byte in digits {
      guard byte &- 0x30 < 10 else { return nil }
      number = number * 10 + Int64(byte &- 0x30)
    }
    return number
  }
}
