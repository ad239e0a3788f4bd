import Testing
import Unix

@testable import MetricsCommand

struct MountsTests {
  @Test func aLineOfEachShape() throws {
    let mounts = try #require(
      parsed(
        """
        21 1 8:1 / / rw,relatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=remount-ro
        22 21 0:20 / /proc rw - proc proc rw,hidepid=invisible
        23 21 0:30 / /a\\040b rw - tmpfs  rw
        24 21 254:3 /x /srv rw - xfs /dev/mapper/vg-srv rw

        """
      ) { Mount.parse(mountinfo: $0) })
    #expect(mounts.map { String(decoding: $0.mountPoint, as: UTF8.self) } == ["/", "/proc", "/a b", "/srv"])
    #expect(mounts.map(\.type) == ["ext4", "proc", "tmpfs", "xfs"])
    #expect(mounts.map { String(decoding: $0.source, as: UTF8.self) } == ["/dev/sda1", "proc", "", "/dev/mapper/vg-srv"])
    #expect(mounts.map(\.options) == ["rw,errors=remount-ro", "rw,hidepid=invisible", "rw", "rw"])
    #expect(mounts.map(\.deviceNumber) == [0x801, 20, 30, 0xFE03])
  }

  @Test("what is no mountinfo", arguments: ["", "x\n", "21 1 8:1 / / rw - ext4\n", "21 1 8:1 / / rw ext4 /dev/sda1 rw\n", "\n"])
  func malformed(text: String) {
    #expect(parsed(text) { Mount.parse(mountinfo: $0) } == nil)
  }

  @Test func theLastMountAtAPlaceHidesTheOthers() throws {
    let text = "1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / /m rw - ext4 b rw\n3 2 8:3 / /m rw - ext4 c rw\n"
    #expect(parsed(text) { Mount.parse(mountinfo: $0) }?.map(\.device) == ["8:1", "8:3"])
  }

  @Test func directoriesThatAreBoundToThemselvesAreNone() throws {
    let text = """
      1 0 8:1 / / rw - ext4 a rw
      2 1 8:1 /var/lib/x /var/lib/x rw - ext4 a rw
      3 1 8:1 /var/lib /bound rw - ext4 a rw
      4 1 8:2 / /srv rw - ext4 b rw
      5 4 8:2 /d /srv/d rw - ext4 b rw
      6 1 8:3 /root /sub rw - btrfs c rw
      7 6 8:3 /rooted /sub/ed rw - btrfs c rw

      """
    let mounts = try #require(parsed(text) { Mount.parse(mountinfo: $0) })
    #expect(
      Mount.withoutSelfBinds(mounts).map { String(decoding: $0.mountPoint, as: UTF8.self) } == ["/", "/bound", "/srv", "/sub", "/sub/ed"])
  }

  /// Where a directory of the test machine really lies.
  private func device(of path: String) -> String {
    var status = stat()
    #expect(stat(path, &status) == 0)
    let number = UInt64(status.st_dev)
    return "\((number >> 8) & 0xFFF):\(number & 0xFF | (number >> 12) & 0xFFFF_FF00)"
  }

  @Test func eachFileSystemIsMeasuredAndTheHiddenOneIsNot() throws {
    let run = try PluginRun(
      #"{"disk":{"measurement":["total","used_percent"],"resources":["/","/srv/*","/hidden"],"ignore_file_system_types":["tmpfs"]}}"#)
    for directory in ["hidden", "srv/Käse", "srv/tmp", "auto"] { run.machine.makeDirectory(directory) }
    let here = device(of: run.machine.root)
    try run.machine.write(
      "proc/self/mountinfo",
      """
      1 0 \(here) / / rw - ext4 /dev/mapper/vg-root rw
      2 1 \(here) /x /srv/Käse rw - xfs /dev/sdb1 rw
      3 1 \(here) /y /srv/tmp rw - tmpfs tmpfs rw
      4 1 7:250 / /hidden rw - ext4 /dev/sdc1 rw
      5 1 0:1 / /srv/auto rw - autofs systemd-1 rw

      """)
    let sample = run.sample(at: 0)
    // The device of the root is nothing that sysfs of this machine would know.
    #expect(
      sample.keys.sorted() == [
        "disk_total host=h device=mapper/vg-root fstype=ext4 path=/", "disk_total host=h device=sdb1 fstype=xfs path=/srv/K%C3%A4se",
        "disk_used_percent host=h device=mapper/vg-root fstype=ext4 path=/",
        "disk_used_percent host=h device=sdb1 fstype=xfs path=/srv/K%C3%A4se",
      ])
    #expect(sample.values.allSatisfy { $0 > 0 })
    #expect(run.warnings == [])
  }

  @Test func whatMayNotAnswerIsAskedByAThread() throws {
    let run = try PluginRun(#"{"disk":{"measurement":["total"]}}"#)
    let here = device(of: run.machine.root)
    try run.machine.write("proc/self/mountinfo", "1 0 \(here) / / rw - nfs4 nas:/x rw\n2 1 \(here) / /gone rw - fuse.x y rw\n")
    for second in 0..<2 {
      #expect(run.sample(at: Double(second)).keys.sorted() == ["disk_total host=h device=nas:/x fstype=nfs4 path=/"])
    }
    #expect(run.warnings == ["cannot see how full \(run.machine.root)/gone is: No such file or directory; it is left out"])
  }

  @Test func aMountPointThatIsGoneIsSaidOnce() throws {
    let run = try PluginRun(
      #"{"disk":{"measurement":["free"],"drop_device":true}}"#, ["proc/self/mountinfo": "1 0 8:1 / /gone rw - ext4 /dev/sda1 rw\n"])
    for second in 0..<3 { #expect(run.sample(at: Double(second)).isEmpty) }
    #expect(run.warnings == ["cannot see how full \(run.machine.root)/gone is: No such file or directory; it is left out"])
  }

  @Test(
    "the agent's formulas of space",
    arguments: [
      (DiskPlugin.Field.total, 4000), (.used, 2400), (.free, 1200), (.usedPercent, 100.0 * 600 / 900), (.inodesTotal, 50),
      (.inodesFree, 20),
      (.inodesUsed, 30),
    ])
  func space(field: DiskPlugin.Field, value: Double) {
    let space = Space(blockSize: 4, blocks: 1000, free: 400, available: 300, inodes: 50, freeInodes: 20)
    #expect(space.value(field) == value)
  }

  @Test func spaceThatCannotBeHasNoValue() {
    let space = Space(blockSize: 4, blocks: 10, free: 20, available: 0, inodes: 1, freeInodes: 2)
    for field in DiskPlugin.Field.allCases { #expect(space.value(field) == nil) }
    #expect(Space(blockSize: 4, blocks: 0, free: 0, available: 0, inodes: 0, freeInodes: 0).value(.usedPercent) == nil)
  }
}
