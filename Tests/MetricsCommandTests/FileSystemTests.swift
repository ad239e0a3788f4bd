import Testing
import Unix

@testable import MetricsCommand

struct FileSystemTests {
  private func mountPoints(_ mounts: [UInt8]) throws -> [[String]] {
    try #require(parsed(mounts) { FileSystem.parse(mounts: $0) }).map { system in
      system.mountPoints.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private func mountPoints(_ mounts: String) throws -> [[String]] { try mountPoints(Array(mounts.utf8)) }

  @Test(
    "local file systems of the recorded machines, each with its mount points",
    arguments: [
      ("raspberry-pi-4", [["/"], ["/boot/firmware"], ["/media/pi/USB STICK"]]),
      ("debian-server", [["/"], ["/boot/efi"], ["/srv", "/var/www"], ["/mnt/pool", "/home"]]),
      ("lxc-container", [["/"], ["/etc/resolv.conf", "/srv/share"]]),
    ])
  func recorded(machine: String, expected: [[String]]) throws {
    #expect(try mountPoints(RecordedMachine(name: machine).file("proc/self/mounts")) == expected)
  }

  @Test(
    "a root that lies on no device of this machine counts, unless it may hang",
    arguments: [
      ("overlay / overlay rw 0 0", [["/"]]), ("rootfs / rootfs rw 0 0", [["/"]]), ("tmpfs / tmpfs rw 0 0", [["/"]]),
      ("/dev/loop0 / ext4 rw 0 0", [["/"]]), ("nas:/root / nfs4 rw 0 0", []), ("share / 9p rw 0 0", []),
      ("/dev/sda1 / fuseblk rw 0 0", []), ("overlay /merged overlay rw 0 0", []), ("/dev/loop0 /image ext4 rw 0 0", []),
    ])
  func root(line: String, expected: [[String]]) throws {
    #expect(try mountPoints(line + "\n") == expected)
  }

  @Test func ofTwoMountsAtOnePlaceTheLaterCounts() throws {
    #expect(try mountPoints("rootfs / rootfs rw 0 0\n/dev/sda1 /a ext4 rw 0 0\nnas:/ /a nfs rw 0 0\n/dev/sda2 / xfs rw 0 0\n") == [["/"]])
    #expect(try mountPoints("nas:/ /a nfs rw 0 0\n/dev/sda1 /a ext4 rw 0 0\n") == [["/a"]])
  }

  @Test func theRootIsTheNameOfItsDevice() throws {
    #expect(
      try mountPoints("/dev/sda4 /sysroot xfs ro 0 0\n/dev/sda4 / xfs rw 0 0\n/dev/sda4 /var xfs rw 0 0\n") == [["/", "/sysroot", "/var"]])
  }

  @Test(
    "escapes",
    arguments: [
      ("/a\\040b", "/a b"), ("\\011\\012\\134", "\t\n\\"), ("/a\\", "/a\\"), ("/a\\04", "/a\\04"), ("/a\\048", "/a\\048"),
      ("/a\\777", "/a\\777"), ("\\043x", "#x"), ("", ""),
    ])
  func unescaped(word: String, bytes: String) {
    #expect(parsed(word) { FileSystem.unescaped($0) } == Array(bytes.utf8))
  }

  @Test("what is not a table of mounts", arguments: ["/dev/sda1\n", "/dev/sda1 /a\n", "\n"])
  func malformed(text: String) {
    #expect(parsed(text) { FileSystem.parse(mounts: $0) } == nil)
  }

  @Test(
    "used, of what is used and what can still be had",
    arguments: [
      (1000, 500, 450, 100.0 * 500 / 950), (1000, 1000, 1000, 0), (1000, 50, 0, 100), (1000, 0, 0, 100), (0, 0, 0, nil),
      (10, 20, 0, nil), (UInt64.max, 0, UInt64.max, 50),
    ] as [(UInt64, UInt64, UInt64, Double?)])
  func utilization(blocks: UInt64, free: UInt64, available: UInt64, percent: Double?) {
    let space = Space(blockSize: 1, blocks: blocks, free: free, available: available, inodes: 0, freeInodes: 0)
    #expect(FileSystem.Usage(path: "/", space)?.utilization == percent)
  }
}
