internal import Unix

/// Reading and writing of the machine's disks.
enum Disk {
  /// `/proc/diskstats` counts in sectors of this many bytes, whatever the disk's own are.
  static let sectorSize: UInt64 = 512

  /// Parses `/proc/diskstats`: the counters of each whole disk; nil if the file is not as in proc(5). Empty in
  /// containers without a disk.
  ///
  /// - Parameter isWhole: whether a name is that of a disk, not of a partition or another device on one.
  static func parse(diskstats: UnsafeRawBufferPointer, isWhole: (UnsafeRawBufferPointer) -> Bool) -> [IOCounters]? {
    var disks: [IOCounters] = []
    for line in Lines(diskstats) {
      var fields = FieldScanner(line)
      guard fields.number() != nil, fields.number() != nil, let name = fields.word() else { return nil }
      guard isWhole(name) else { continue }
      // Reads, merged, sectors, milliseconds; then the same for writes.
      guard let reads = fields.number(), fields.number() != nil, let bytesRead = bytes(fields.number()), fields.number() != nil,
        let writes = fields.number(), fields.number() != nil, let bytesWritten = bytes(fields.number())
      else { return nil }
      disks.append(
        IOCounters(device: Array(name), bytesIn: bytesRead, bytesOut: bytesWritten, operationsIn: reads, operationsOut: writes))
    }
    return disks
  }

  private static func bytes(_ sectors: UInt64?) -> UInt64? {
    guard let (bytes, overflow) = sectors?.multipliedReportingOverflow(by: sectorSize), !overflow else { return nil }
    return bytes
  }
}
