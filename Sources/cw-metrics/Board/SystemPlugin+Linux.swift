#if os(Linux)
  internal import Unix

  /// `system`: how the machine as a whole is.
  final class SystemPlugin: Plugin {
    enum Field: String, CaseIterable {
      case failedUnits = "failed_units"
      case load1
      case load15
      case load5
      case readOnlyFileSystems = "read_only_file_systems"
      case uptime
    }

    /// Milliseconds that a sample waits for the system bus.
    private static let patience: Int64 = 25

    private let context: PluginContext
    private let wanted: [PluginContext.Wanted<Field>]
    private let machine: PluginContext.Instance
    private let uptime: ProcFile
    private let loadavg: ProcFile
    private let mountinfo: ProcFile
    private let bus: SystemBus

    init(_ context: PluginContext) {
      self.context = context
      wanted = context.wanted()
      machine = context.instance()
      uptime = context.file("/proc/uptime")
      loadavg = context.file("/proc/loadavg")
      mountinfo = context.file("/proc/self/mountinfo")
      bus = SystemBus(path: context.root + "/run/dbus/system_bus_socket", property: .failedUnits)
    }

    func sample() {
      for field in wanted {
        if let value = value(field.field) { context.write(value, field, machine) }
      }
    }

    private func value(_ field: Field) -> Double? {
      switch field {
      case .failedUnits: failedUnits()
      case .load1: load()?.one
      case .load5: load()?.five
      case .load15: load()?.fifteen
      case .readOnlyFileSystems: readOnlyFileSystems()
      case .uptime: context.read(uptime) { SystemLoad.parse(uptime: $0) }
      }
    }

    // The file is read once a sample.
    private func load() -> SystemLoad.Averages? { context.read(loadavg) { SystemLoad.parse(loadavg: $0) } }

    private func failedUnits() -> Double? {
      switch bus.number(within: Self.patience) {
      case .success(let count): return Double(count)
      case .failure(let refusal): context.warnOnce("\(refusal.reason); system_failed_units is left out")
      case nil: break
      }
      return nil
    }

    // Read each time: that an error has made a file system read-only is no change of the mounts that the kernel would announce.
    private func readOnlyFileSystems() -> Double? {
      guard let found = context.read(mountinfo, parse: { ReadOnlyFileSystems.parse(mountinfo: $0, intended: []) }) else { return nil }
      guard !found.isEmpty else { return 0 }
      let fstab = (try? TextFile.read(context.root + "/etc/fstab", limit: 1 << 20)) ?? []
      let intended = fstab.withUnsafeBytes { ReadOnlyFileSystems.parse(fstab: $0) }
      let unexpected = context.read(mountinfo, parse: { ReadOnlyFileSystems.parse(mountinfo: $0, intended: intended) }) ?? []
      for mountPoint in unexpected { context.warnOnce("the file system at \(FileName.text(mountPoint).printable) is read-only") }
      return Double(unexpected.count)
    }
  }
#endif
