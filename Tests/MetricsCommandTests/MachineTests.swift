#if os(Linux)
  import Testing
  import Unix

  @testable import MetricsCommand

  struct MachineTests {
    final class Warnings {
      var lines: [String] = []
    }

    // Both readings of a recorded machine, ten seconds apart.
    private func interval(_ name: String) -> Interval {
      let recorded = RecordedMachine(name: name)
      var before = Machine(root: recorded.root(.before)) { _ in }.snapshot()
      var after = Machine(root: recorded.root(.after)) { _ in }.snapshot()
      before.monotonic = 1_000_000_000
      after.monotonic = 11_000_000_000
      return Interval(from: before, to: after)
    }

    // Disk space is that of the machine that the tests run on.
    @Test(
      "what the recorded machines did",
      arguments: [
        // The received bytes of wlan0 wrapped; zram, loop and ram are no disks.
        (
          "raspberry-pi-4",
          [
            "CPUCount": 4, "CPUUtilization": 10.2, "DiskReadBytes": 204_800, "DiskReadOps": 5, "DiskWriteBytes": 1_048_576,
            "DiskWriteOps": 12, "MemoryAvailable": 2_983_142_400, "MemoryUsed": 994_380_800, "MemoryUtilization": 25,
            "NetworkIn": 10_100, "NetworkOut": 5_100, "NetworkPacketsIn": 21, "NetworkPacketsOut": 11,
          ]
        ),
        // A write to an encrypted volume on a mirror counts once for each of its two disks; a second path to an NVMe disk,
        // a container's interface that began anew, and what has just appeared do not count.
        (
          "debian-server",
          [
            "CPUCount": 2, "CPUUtilization": 32, "DiskReadBytes": 1_646_592, "DiskReadOps": 42, "DiskWriteBytes": 6_148_096,
            "DiskWriteOps": 81, "MemoryAvailable": 44_155_289_600, "MemoryUsed": 23_081_816_064,
            "MemoryUtilization": 34.32898521739676, "NetworkIn": 1_012_000, "NetworkOut": 107_000, "NetworkPacketsIn": 1_020,
            "NetworkPacketsOut": 115,
          ]
        ),
        // No disk is shown, no memory called available, and one processor's idle time went backwards, so that nobody knows how busy
        // they were.
        (
          "lxc-container",
          [
            "CPUCount": 2, "MemoryAvailable": 402_227_200, "MemoryUsed": 134_643_712,
            "MemoryUtilization": 25.079345703125, "NetworkIn": 1_000, "NetworkOut": 100, "NetworkPacketsIn": 10,
            "NetworkPacketsOut": 1,
          ]
        ),
      ])
    func recorded(name: String, expected: [String: Double]) {
      let interval = interval(name)
      var values: [String: Double] = [:]
      for metric in Catalogue.metrics where metric.name != "DiskSpaceUtilization" {
        if case .machine(let value) = metric.value { values[metric.name] = value(interval) }
      }
      #expect(values.keys.sorted() == expected.keys.sorted())
      for (metric, value) in expected { #expect(abs((values[metric] ?? -1) - value) < 1e-6 * max(value, 1), "\(metric)") }
    }

    @Test func whatCannotBeReadIsWarnedOfOnceAndLeftOut() throws {
      let scratch = try ScratchMachine([
        "proc/stat": "no\n", "proc/meminfo": "MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 10 kB\n", "proc/net/dev": "",
        "proc/diskstats": "8 0 sda 1 0 1 0 1 0 1 0 0 0 0\n", "proc/self/mounts": "/dev/sda1 /gone ext4 rw 0 0\n",
      ])
      let warnings = Warnings()
      let machine = Machine(root: scratch.root) { warnings.lines.append($0) }
      for _ in 0..<3 {
        let snapshot = machine.snapshot()
        #expect(snapshot.cpu == nil)
        #expect(snapshot.memory.map { $0.available == 10 * 1024 } == true)
        #expect(snapshot.disks == [])
        #expect(snapshot.interfaces == nil)
        #expect(snapshot.fileSystems == [])
      }
      #expect(
        warnings.lines == [
          "\(scratch.root)/proc/stat is not as proc(5) describes it; CPU metrics are left out",
          "\(scratch.root)/sys/block is not there to tell disks from partitions; disk metrics are left out",
          "\(scratch.root)/proc/net/dev is not as proc(5) describes it; network metrics are left out",
          "cannot see how full \(scratch.root)/gone is: No such file or directory; it is left out",
        ])
    }

    @Test func aMachineWithoutProcHasNothing() throws {
      let warnings = Warnings()
      let machine = Machine(root: "/nonexistent") { warnings.lines.append($0) }
      _ = machine.snapshot()
      _ = machine.snapshot()
      #expect(warnings.lines.count == 5)
      #expect(warnings.lines.first == "cannot open /nonexistent/proc/stat: No such file or directory; CPU metrics are left out")
    }

    @Test func filesAreReadAnewEachTime() throws {
      let scratch = try ScratchMachine(["meminfo": "one"])
      let file = ProcFile(scratch.root + "/meminfo")
      #expect(file.hasChanged())
      #expect(try file.read().text == "one")
      #expect(!file.hasChanged())
      let long = String(repeating: "0123456789abcdef", count: 5000)
      try scratch.write("meminfo", long)
      #expect(try file.read().text == long)
      try scratch.write("meminfo", "")
      #expect(try file.read().text == "")
    }

    @Test func thisMachineCanBeMeasured() {
      let warnings = Warnings()
      let snapshot = Machine { warnings.lines.append($0) }.snapshot()
      #expect(snapshot.cpu != nil)
      #expect(snapshot.memory != nil)
      #expect(snapshot.interfaces?.isEmpty == false)
      #expect(snapshot.timestamp > 1_700_000_000_000)
    }
  }

  struct WholeDisksTests {
    @Test(
      "disks of the Debian server",
      arguments: [
        ("nvme0n1", true), ("sr0", true), ("nvme0n1p1", false), ("md127", false), ("dm-0", false), ("loop0", false),
        ("nvme2n1", true), ("nvme2c2n1", false), ("nosuch", false),
      ])
    func contains(name: String, whole: Bool) {
      let disks = WholeDisks(root: RecordedMachine(name: "debian-server").root(.before))
      #expect(disks.isAvailable)
      #expect(parsed(name) { disks.contains($0) } == whole)
    }

    @Test func aSlashIsAnExclamationMark() throws {
      let scratch = try ScratchMachine(["sys/block/cciss!c0d0/device/uevent": ""])
      #expect(parsed("cciss/c0d0") { WholeDisks(root: scratch.root).contains($0) })
    }
  }

  struct FileSystemUsageTests {
    @Test func theFirstDirectoryWithinReachAnswers() throws {
      let scratch = try ScratchMachine(["etc/hosts": ""])
      scratch.makeDirectory("srv/my files")
      let system = FileSystem(mountPoints: ["/etc/hosts", "/gone", "/srv/my files", "/etc"].map { Array($0.utf8) })
      let usage = try #require(try FileSystemProbe(system, root: scratch.root).usage())
      #expect(usage.path == "/srv/my files")
      #expect((0...100).contains(usage.utilization))
    }

    @Test func aFileSystemOfFilesOnlyIsLeftOut() throws {
      let scratch = try ScratchMachine(["etc/hosts": ""])
      #expect(try FileSystemProbe(FileSystem(mountPoints: [Array("/etc/hosts".utf8)]), root: scratch.root).usage() == nil)
    }

    @Test func oneOutOfReachIsAnError() throws {
      let scratch = try ScratchMachine()
      #expect(throws: SystemError.self) { try FileSystemProbe(FileSystem(mountPoints: [Array("/gone".utf8)]), root: scratch.root).usage() }
    }
  }
#endif
