#if os(Linux)
  internal import Unix

  /// `cgroup`: what the container uses in which this program runs, or, where it runs in none, its own control group.
  final class ControlGroupPlugin: Plugin {
    enum Field: String, CaseIterable {
      case cpuThrottledPercent = "cpu_throttled_percent"
      case cpuUsage = "cpu_usage"
      case cpuUsedPercent = "cpu_used_percent"
      case memoryLimit = "memory_limit"
      case memoryUsage = "memory_usage"
      case memoryUsedPercent = "memory_used_percent"
      case memoryWorkingSet = "memory_working_set"

      fileprivate var isOfMemory: Bool { rawValue.hasPrefix("memory") }
    }

    private struct Files {
      let memoryCurrent: SysFile
      let memoryMax: SysFile
      let memoryStat: SysFile
      let cpuStat: SysFile
      let cpuMax: SysFile
    }

    private let context: PluginContext
    private let wanted: [PluginContext.Wanted<Field>]
    private let machine: PluginContext.Instance
    private let wantsMemory: Bool
    private let wantsCPU: Bool
    private let files: Files?
    private var last: (group: ControlGroup, moment: Moment)?

    init(_ context: PluginContext) {
      self.context = context
      wanted = context.wanted()
      machine = context.instance()
      wantsMemory = wanted.contains { $0.field.isOfMemory }
      wantsCPU = wanted.contains { !$0.field.isOfMemory }
      files = Self.directory(root: context.root).map { directory in
        func file(_ name: String) -> SysFile { SysFile("\(directory)/\(name)") }
        return Files(
          memoryCurrent: file("memory.current"), memoryMax: file("memory.max"), memoryStat: file("memory.stat"),
          cpuStat: file("cpu.stat"), cpuMax: file("cpu.max"))
      }
      if files == nil { context.warnOnce("this program is in no control group of version 2 that it can see; cgroup metrics are left out") }
    }

    // The root of the hierarchy has no `memory.current`, unless it is that of a namespace, as a container has it: then it is the
    // container's, whatever groups there are in it.
    private static func directory(root: String) -> String? {
      let top = root + "/sys/fs/cgroup"
      if access("\(top)/memory.current", F_OK) == 0 { return top }
      guard let text = try? TextFile.read(root + "/proc/self/cgroup", limit: SysFile.limit),
        let path = text.withUnsafeBytes({ ControlGroup.parse(cgroup: $0) })
      else { return nil }
      return access("\(top)\(path)/cpu.stat", F_OK) == 0 ? top + path : nil
    }

    func sample() {
      guard let files else { return }
      var group = ControlGroup()
      if wantsMemory { readMemory(files, into: &group) }
      if wantsCPU { readCPU(files, into: &group) }
      for field in wanted {
        if let value = value(field.field, group) { context.write(value, field, machine) }
      }
      last = (group, context.now)
    }

    private func readMemory(_ files: Files, into group: inout ControlGroup) {
      group.memoryUsage = read(files.memoryCurrent, "memory") { ControlGroup.parse(number: $0) }
      guard group.memoryUsage != nil else { return }
      group.memoryLimit = files.memoryMax.read().flatMap { ControlGroup.parse(number: $0) }
      group.inactiveFile = files.memoryStat.read().flatMap { ControlGroup.number("inactive_file", in: $0) }
    }

    private func readCPU(_ files: Files, into group: inout ControlGroup) {
      guard let text = read(files.cpuStat, "CPU", parse: { $0 }) else { return }
      group.cpuTime = ControlGroup.number("usage_usec", in: text)
      group.periods = ControlGroup.number("nr_periods", in: text)
      group.throttledPeriods = ControlGroup.number("nr_throttled", in: text)
      group.cpuLimit = files.cpuMax.read().flatMap { ControlGroup.parse(cpuMax: $0) }
    }

    private func read<Value>(_ file: SysFile, _ subject: String, parse: (UnsafeRawBufferPointer) -> Value?) -> Value? {
      if let text = file.read() { return parse(text) }
      context.warnOnce("\(SystemError("read \(file.path)")); \(subject) metrics of cgroup are left out")
      return nil
    }

    private func value(_ field: Field, _ group: ControlGroup) -> Double? {
      let nanoseconds = last.map { context.now.monotonic - $0.moment.monotonic } ?? 0
      switch field {
      case .memoryLimit: return group.memoryLimit.map { Double($0) }
      case .memoryUsage: return group.memoryUsage.map { Double($0) }
      case .memoryUsedPercent: return group.memoryUtilization
      case .memoryWorkingSet: return group.workingSet.map { Double($0) }
      case .cpuThrottledPercent: return last.flatMap { group.cpuThrottled(since: $0.group) }
      case .cpuUsage: return last.flatMap { group.cpuUsage(since: $0.group, nanoseconds: nanoseconds) }
      case .cpuUsedPercent: return last.flatMap { group.cpuUtilization(since: $0.group, nanoseconds: nanoseconds) }
      }
    }
  }
#endif
