#if os(Linux)
  internal import Unix

  /// Which names of `/proc/diskstats` are whole disks, by sysfs(5).
  ///
  /// `/sys/block` lists no partitions. An entry without a `device` is based on other devices or on memory: dm, md, loop, ram,
  /// zram; its I/O is counted in the underlying device. (psutil 7.2.2 adds it up as well, so that a write to an encrypted
  /// volume on a mirror counts four times.) A `hidden` entry is a path to an NVMe disk that has a name of its own.
  struct WholeDisks {
    private let directory: String

    init(root: String) { directory = root + "/sys/block" }

    /// Whether sysfs is there.
    var isAvailable: Bool { access(directory, F_OK) == 0 }

    func contains(_ name: UnsafeRawBufferPointer) -> Bool {
      // A slash in a name (cciss/c0d0) is an exclamation mark in sysfs.
      let file = String(decoding: name.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "!") : $0 }, as: UTF8.self)
      return access("\(directory)/\(file)/device", F_OK) == 0 && !isHidden(file)
    }

    private func isHidden(_ file: String) -> Bool {
      (try? TextFile.read("\(directory)/\(file)/hidden"))?.first == UInt8(ascii: "1")
    }
  }
#endif
