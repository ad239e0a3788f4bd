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
    private let mountinfo: ProcFile
    private let wholeDisks: WholeDisks
    private var disks = DeviceTable<KnownDevice>()
    private var interfaces = DeviceTable<KnownDevice>()
    private var fileSystems: [FileSystemProbe] = []
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
      mountinfo = ProcFile(root + "/proc/self/mountinfo")
      wholeDisks = WholeDisks(root: root)
    }

    /// Reads everything once.
    func snapshot() -> Snapshot {
      var snapshot = Snapshot(timestamp: 0, monotonic: 0)
      read(into: &snapshot)
      return snapshot
    }

    /// The same into a snapshot that is no longer needed, whose memory is used again.
    func read(into snapshot: inout Snapshot) {
      snapshot.timestamp = Clock.realtimeMilliseconds()
      snapshot.monotonic = Clock.monotonicNanoseconds()
      snapshot.cpu = read(stat, for: "CPU") { CPU.parse(stat: $0) }
      snapshot.memory = read(meminfo, for: "memory") { Memory.parse(meminfo: $0) }
      snapshot.disks = read(diskstats, for: "disk", into: &snapshot.disks) { readDisks($0, into: &$1) }
      snapshot.interfaces = read(networkDevices, for: "network", into: &snapshot.interfaces) { text, interfaces in
        Network.parse(dev: text, devices: &self.interfaces, into: &interfaces)
      }
      // There may be thousands of mounts, which rarely change, and the kernel reports when they do.
      if mounts.hasChanged() { look() }
      snapshot.fileSystems.removeAll(keepingCapacity: true)
      for fileSystem in fileSystems {
        if let usage = usage(of: fileSystem) { snapshot.fileSystems.append(usage) }
      }
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

    private func read(
      _ file: ProcFile, for subject: String, into old: inout [IOCounters]?, parse: (UnsafeRawBufferPointer, inout [IOCounters]) -> Bool
    ) -> [IOCounters]? {
      var counters = old ?? []
      old = nil
      counters.removeAll(keepingCapacity: true)
      return read(file, for: subject) { parse($0, &counters) ? counters : nil }
    }

    private func readDisks(_ text: UnsafeRawBufferPointer, into counters: inout [IOCounters]) -> Bool {
      let isRight = Disk.parse(diskstats: text, devices: &disks, into: &counters, isWhole: wholeDisks.contains)
      if isRight, counters.isEmpty, !text.isEmpty, !wholeDisks.isAvailable {
        warnOnce("\(root)/sys/block is not there to tell disks from partitions; disk metrics are left out")
      }
      return isRight
    }

    private func look() {
      let found = read(mounts, for: "disk space") { FileSystem.parse(mounts: $0) } ?? []
      let mounts = (try? mountinfo.read()).flatMap { Mount.parse(mountinfo: $0) } ?? []
      fileSystems = found.map { FileSystemProbe($0, root: root, mounts: mounts) }
    }

    private func usage(of fileSystem: FileSystemProbe) -> FileSystem.Usage? {
      do {
        return try fileSystem.usage()
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
