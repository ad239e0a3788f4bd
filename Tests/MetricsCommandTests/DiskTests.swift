import Testing
import Unix

@testable import MetricsCommand

struct DiskTests {
  private let diskstats = """
       8       0 sda 10 1 100 5 20 2 200 6 0 7 8 9 10 11 12 13 14
       8       1 sda1 9 1 90 5 20 2 200 6 0 7 8 9 10 11 12 13 14
     104       0 cciss/c0d0 1 0 3 0 2 0 4 0 0 0 0

    """

  @Test func wholeDisksInBytes() {
    let disks = parsed(diskstats) { Disk.parse(diskstats: $0) { !$0.equals("sda1") } }
    #expect(
      disks == [
        IOCounters(device: Array("sda".utf8), bytesIn: 51200, bytesOut: 102400, operationsIn: 10, operationsOut: 20),
        IOCounters(device: Array("cciss/c0d0".utf8), bytesIn: 1536, bytesOut: 2048, operationsIn: 1, operationsOut: 2),
      ])
  }

  @Test func aMachineWithoutDisksHasNone() {
    #expect(parsed("") { Disk.parse(diskstats: $0) { _ in true } } == [])
  }

  @Test(
    "what is not /proc/diskstats",
    arguments: [
      "8 0\n", "8 0 sda\n", "8 0 sda 1 2 3 4 5 6\n", "8 0 sda 1 2 3 4 5 6 x\n", "sda 1 2 3 4 5 6 7 8\n", "\n",
      "8 0 sda 1 2 18446744073709551615 4 5 6 7\n",
    ])
  func malformed(text: String) {
    #expect(parsed(text) { Disk.parse(diskstats: $0) { _ in true } } == nil)
  }

  @Test func aLineAboutNoWholeDiskMayHaveAnyShape() {
    // Partitions had four numbers before Linux 2.6.25.
    #expect(parsed("8 1 sda1 1 2 3 4\n") { Disk.parse(diskstats: $0) { _ in false } } == [])
  }

  @Test func anOddLineCostsItsOwnDiskAlone() {
    let text = "8 0 sda 1 x 100 5 20 2 200 6 0 7 8\n8 16 sdb 1 0 1 0 2 0 2 0 0 0 0\n\n"
    #expect(parsed(text) { Disk.parse(diskstats: $0) { _ in true } }?.map(\.device) == [Array("sdb".utf8)])
  }
}

extension Disk {
  static func parse(diskstats: UnsafeRawBufferPointer, isWhole: (UnsafeRawBufferPointer) -> Bool) -> [IOCounters]? {
    var devices = DeviceTable<KnownDevice>()
    var disks: [IOCounters] = []
    return parse(diskstats: diskstats, devices: &devices, into: &disks, isWhole: isWhole) ? disks : nil
  }
}
