internal import Unix

/// The kernel's counters of one device since it appeared: a disk's reads and writes, or an interface's received and sent packets.
struct IOCounters: Equatable {
  /// The name of the device.
  var device: [UInt8]
  var bytesIn: UInt64
  var bytesOut: UInt64
  var operationsIn: UInt64
  var operationsOut: UInt64

  /// The sums over several devices, per second.
  struct Rates: Equatable {
    var bytesIn = 0.0
    var bytesOut = 0.0
    var operationsIn = 0.0
    var operationsOut = 0.0
  }

  /// What moved between two readings, summed over the devices; nil if no device was there to be measured.
  ///
  /// A device counts from its second reading on. One whose counters went backwards (they wrapped, or it was reset, or
  /// replaced by another of the same name) is left out of this interval with all four of them: what it really moved is
  /// not known, and half a reset device would be an invention.
  static func rates(from earlier: [IOCounters], to later: [IOCounters], seconds: Double) -> Rates? {
    guard seconds > 0 else { return nil }
    var rates = Rates()
    var measured = false
    for (index, now) in later.enumerated() {
      guard let before = find(now.device, in: earlier, near: index), !now.isBehind(before) else { continue }
      measured = true
      rates.bytesIn += Double(now.bytesIn - before.bytesIn) / seconds
      rates.bytesOut += Double(now.bytesOut - before.bytesOut) / seconds
      rates.operationsIn += Double(now.operationsIn - before.operationsIn) / seconds
      rates.operationsOut += Double(now.operationsOut - before.operationsOut) / seconds
    }
    return measured ? rates : nil
  }

  private func isBehind(_ earlier: IOCounters) -> Bool {
    bytesIn < earlier.bytesIn || bytesOut < earlier.bytesOut || operationsIn < earlier.operationsIn
      || operationsOut < earlier.operationsOut
  }

  // The kernel lists devices in the same order each time, except for those that came or went.
  private static func find(_ device: [UInt8], in list: [IOCounters], near index: Int) -> IOCounters? {
    if list.indices.contains(index), list[index].device == device { return list[index] }
    return list.first { $0.device == device }
  }
}

/// A device of the last reading.
struct KnownDevice {
  /// Shared by its counters, so that no reading copies it.
  let name: [UInt8]
  let isMeasured: Bool
}
