internal import Unix

/// Reading and writing of the machine's disks.
enum Disk {
  /// `/proc/diskstats` counts in sectors of this many bytes, whatever the disk's own are.
  static let sectorSize: UInt64 = 512

  /// Parses `/proc/diskstats`: appends the counters of each whole disk, none in containers without a disk. A line that is not as in
  /// proc(5) costs its own disk alone.
  ///
  /// - Parameters:
  ///   - isWhole: whether a name is that of a disk, not of a partition or another device on one; asked once for each.
  ///   - devices: those of the last reading.
  /// - Returns: whether the file is as in proc(5).
  static func parse(
    diskstats: UnsafeRawBufferPointer, devices: inout DeviceTable<KnownDevice>, into disks: inout [IOCounters],
    isWhole: (UnsafeRawBufferPointer) -> Bool
  ) -> Bool {
    var (right, wrong) = (0, 0)
    devices.begin()
    for line in Lines(diskstats) {
      var fields = FieldScanner(line)
      guard fields.number() != nil, fields.number() != nil, let name = fields.word() else {
        wrong += 1
        continue
      }
      var device = KnownDevice(name: [], isMeasured: false)
      devices.update(name, make: { KnownDevice(name: Array(name), isMeasured: isWhole(name)) }) { device = $0 }
      guard device.isMeasured else {
        right += 1
        continue
      }
      // Reads, merged, sectors, milliseconds; then the same for writes.
      guard let reads = fields.number(), fields.number() != nil, let bytesRead = bytes(fields.number()), fields.number() != nil,
        let writes = fields.number(), fields.number() != nil, let bytesWritten = bytes(fields.number())
      else {
        wrong += 1
        continue
      }
      right += 1
      disks.append(
        IOCounters(device: device.name, bytesIn: bytesRead, bytesOut: bytesWritten, operationsIn: reads, operationsOut: writes))
    }
    devices.end()
    return wrong == 0 || right > 0
  }

  private static func bytes(_ sectors: UInt64?) -> UInt64? {
    guard let (bytes, overflow) = sectors?.multipliedReportingOverflow(by: sectorSize), !overflow else { return nil }
    return bytes
  }
}
