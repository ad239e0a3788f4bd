internal import Unix

/// The machine's memory at one moment, in bytes.
struct Memory: Equatable {
  let total: UInt64
  /// What new programs could get without swapping; at most `total`.
  let available: UInt64

  /// As in psutil 7.2.2 (psutil 6 computed `total - free - cached - buffers`).
  var used: UInt64 { total - available }

  /// `used` of `total`, 0 to 100.
  var utilization: Double { 100 * Double(used) / Double(total) }

  /// Parses `/proc/meminfo`; nil if it is not as in proc(5).
  static func parse(meminfo: UnsafeRawBufferPointer) -> Memory? { MemoryInfo.parse(meminfo: meminfo).flatMap(Memory.init) }

  // Odd values, which containers and old kernels show, are treated as in psutil 7.2.2: 0 or nothing available is replaced
  // by an estimate (here without the reserve from `/proc/zoneinfo`, a percent or two of the memory); more than there is
  // comes from the host around a container, and only `free` can be believed.
  init?(_ fields: MemoryInfo) {
    // 2^50 KiB is a thousand times the largest machine that Linux can run on; below it no sum can overflow.
    let plausible: Range<UInt64> = 0..<(1 << 50)
    guard let total = fields.total, total > 0, let free = fields.free, plausible.contains(total), plausible.contains(free) else {
      return nil
    }
    var available = fields.available ?? 0
    guard plausible.contains(available) else { return nil }
    if available == 0 {
      let (active, inactive, slabs) = (fields.activeFile ?? 0, fields.inactiveFile ?? 0, fields.reclaimable ?? 0)
      guard plausible.contains(active), plausible.contains(inactive), plausible.contains(slabs) else { return nil }
      available = free + active + inactive + slabs
    }
    if available > total { available = min(free, total) }
    self.total = total * 1024
    self.available = available * 1024
  }
}
