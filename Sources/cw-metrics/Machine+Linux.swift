// The one place that says which systems this program can measure. Another one needs a `Machine` of its own, in
// `Machine+Darwin.swift` and the like.
#if os(Linux)
  internal import Unix

  /// The machine that this program runs on, as `/proc` and `/sys` show it.
  final class Machine {
    private let root: String
    private let stat: ProcFile
    private let meminfo: ProcFile
    private let diskstats: ProcFile
    private let networkDevices: ProcFile
    private let mounts: ProcFile
    private let wholeDisks: WholeDisks
    private var fileSystems: [FileSystem] = []
    private let warn: (String) -> Void
    private var warned: Set<String> = []

    /// - Parameters:
    ///   - root: precedes `/proc`, `/sys` and the mount points.
    ///   - warn: called once for each thing that cannot be measured.
    init(root: String = "", warn: @escaping (String) -> Void) {
      self.root = root
      self.warn = warn
      stat = ProcFile(root + "/proc/stat")
      meminfo = ProcFile(root + "/proc/meminfo")
      diskstats = ProcFile(root + "/proc/diskstats")
      networkDevices = ProcFile(root + "/proc/net/dev")
      mounts = ProcFile(root + "/proc/self/mounts")
      wholeDisks = WholeDisks(root: root)
    }

    /// Reads everything once.
    func snapshot() -> Snapshot {
      var snapshot = Snapshot(timestamp: Clock.realtimeMilliseconds(), monotonic: Clock.monotonicNanoseconds())
      snapshot.cpu = read(stat, for: "CPU") { CPU.parse(stat: $0) }
      snapshot.memory = read(meminfo, for: "memory") { Memory.parse(meminfo: $0) }
      snapshot.disks = read(diskstats, for: "disk", parse: disks)
      snapshot.interfaces = read(networkDevices, for: "network") { Network.parse(dev: $0) }
      // There may be thousands of mounts, which rarely change, and the kernel reports when they do.
      if mounts.hasChanged() {
        fileSystems = read(mounts, for: "disk space") { FileSystem.parse(mounts: $0) } ?? []
      }
      snapshot.fileSystems = fileSystems.compactMap(usage)
      return snapshot
    }

    private func read<Value>(_ file: ProcFile, for subject: String, parse: (UnsafeRawBufferPointer) -> Value?) -> Value? {
      do {
        if let value = parse(try file.read()) { return value }
        warnOnce("\(file.path) is not as proc(5) describes it; \(subject) metrics are left out")
      } catch {
        warnOnce("\(error); \(subject) metrics are left out")
      }
      return nil
    }

    private func disks(_ text: UnsafeRawBufferPointer) -> [IOCounters]? {
      let disks = Disk.parse(diskstats: text, isWhole: wholeDisks.contains)
      if disks == [], !text.isEmpty, !wholeDisks.isAvailable {
        warnOnce("\(root)/sys/block is not there to tell disks from partitions; disk metrics are left out")
      }
      return disks
    }

    private func usage(of fileSystem: FileSystem) -> FileSystem.Usage? {
      do {
        return try fileSystem.usage(root: root)
      } catch {
        warnOnce("\(error); it is left out")
        return nil
      }
    }

    private func warnOnce(_ text: String) {
      if warned.insert(text).inserted { warn(text) }
    }
  }
#else
  #error("cw-metrics can measure Linux only: write Machine for this system, next to Machine+Linux.swift")
#endif
