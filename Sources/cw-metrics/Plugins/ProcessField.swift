#if os(Linux)
  internal import Unix

  /// What `procstat` measures of one process.
  enum ProcessField: String, CaseIterable {
    case cpuTime = "cpu_time"
    case cpuTimeIowait = "cpu_time_iowait"
    case cpuTimeSystem = "cpu_time_system"
    case cpuTimeUser = "cpu_time_user"
    case cpuUsage = "cpu_usage"
    case involuntarySwitches = "involuntary_context_switches"
    case memoryData = "memory_data"
    case memoryLocked = "memory_locked"
    case memoryResident = "memory_rss"
    case memoryStack = "memory_stack"
    case memorySwap = "memory_swap"
    case memoryAddressSpace = "memory_vms"
    case nice = "nice_priority"
    case descriptors = "num_fds"
    case threads = "num_threads"
    case number = "pid"
    case bytesRead = "read_bytes"
    case reads = "read_count"
    case realtimePriority = "realtime_priority"
    case pendingSignals = "signals_pending"
    case voluntarySwitches = "voluntary_context_switches"
    case bytesWritten = "write_bytes"
    case writes = "write_count"
    case limitCPUTimeHard = "rlimit_cpu_time_hard"
    case limitCPUTimeSoft = "rlimit_cpu_time_soft"
    case limitFileLocksHard = "rlimit_file_locks_hard"
    case limitFileLocksSoft = "rlimit_file_locks_soft"
    case limitDataHard = "rlimit_memory_data_hard"
    case limitDataSoft = "rlimit_memory_data_soft"
    case limitLockedHard = "rlimit_memory_locked_hard"
    case limitLockedSoft = "rlimit_memory_locked_soft"
    case limitResidentHard = "rlimit_memory_rss_hard"
    case limitResidentSoft = "rlimit_memory_rss_soft"
    case limitStackHard = "rlimit_memory_stack_hard"
    case limitStackSoft = "rlimit_memory_stack_soft"
    case limitAddressSpaceHard = "rlimit_memory_vms_hard"
    case limitAddressSpaceSoft = "rlimit_memory_vms_soft"
    case limitNiceHard = "rlimit_nice_priority_hard"
    case limitNiceSoft = "rlimit_nice_priority_soft"
    case limitDescriptorsHard = "rlimit_num_fds_hard"
    case limitDescriptorsSoft = "rlimit_num_fds_soft"
    case limitRealtimeHard = "rlimit_realtime_priority_hard"
    case limitRealtimeSoft = "rlimit_realtime_priority_soft"
    case limitSignalsHard = "rlimit_signals_pending_hard"
    case limitSignalsSoft = "rlimit_signals_pending_soft"

    /// The line of `/proc/N/limits`; nil: it is no limit.
    private var limit: StaticString? {
      switch self {
      case .limitCPUTimeHard, .limitCPUTimeSoft: "Max cpu time"
      case .limitFileLocksHard, .limitFileLocksSoft: "Max file locks"
      case .limitDataHard, .limitDataSoft: "Max data size"
      case .limitLockedHard, .limitLockedSoft: "Max locked memory"
      case .limitResidentHard, .limitResidentSoft: "Max resident set"
      case .limitStackHard, .limitStackSoft: "Max stack size"
      case .limitAddressSpaceHard, .limitAddressSpaceSoft: "Max address space"
      case .limitNiceHard, .limitNiceSoft: "Max nice priority"
      case .limitDescriptorsHard, .limitDescriptorsSoft: "Max open files"
      case .limitRealtimeHard, .limitRealtimeSoft: "Max realtime priority"
      case .limitSignalsHard, .limitSignalsSoft: "Max pending signals"
      default: nil
      }
    }

    /// What `/proc/N/limits` says; nil: nothing, or that there is no limit.
    func limit(in text: UnsafeRawBufferPointer) -> Double? {
      guard let line = limit.flatMap({ ProcessLimit($0, in: text) }) else { return nil }
      return (rawValue.hasSuffix("hard") ? line.hard : line.soft).map { Double($0) }
    }
  }

  /// The files of a process, each read when a field first needs it.
  struct ProcessFiles {
    private let directory: ProcessDirectory
    private let number: Int32
    private lazy var status: ProcessStatus? = directory.read(number, "status").map { ProcessStatus($0) }
    private lazy var io: ProcessIO? = directory.read(number, "io").map { ProcessIO($0) }
    private lazy var limits: [UInt8]? = directory.read(number, "limits").map { Array($0) }

    init(_ directory: ProcessDirectory, _ number: Int32) {
      self.directory = directory
      self.number = number
    }

    /// Nil where the kernel does not say, or not to this user.
    mutating func value(_ field: ProcessField, _ stat: ProcessStat, ticksPerSecond: Double) -> Double? {
      switch field {
      case .cpuTime: (Double(stat.userTime &+ stat.systemTime) / ticksPerSecond).rounded(.down)
      case .cpuTimeIowait: Double(stat.ioDelay) / ticksPerSecond
      case .cpuTimeSystem: Double(stat.systemTime) / ticksPerSecond
      case .cpuTimeUser: Double(stat.userTime) / ticksPerSecond
      // A difference.
      case .cpuUsage: nil
      case .involuntarySwitches: amount(status?.involuntarySwitches)
      case .memoryData: amount(status?.data, unit: 1024)
      case .memoryLocked: amount(status?.locked, unit: 1024)
      case .memoryResident: amount(status?.resident, unit: 1024)
      case .memoryStack: amount(status?.stack, unit: 1024)
      case .memorySwap: amount(status?.swap, unit: 1024)
      case .memoryAddressSpace: amount(status?.addressSpace, unit: 1024)
      case .nice: Double(stat.nice)
      case .descriptors: directory.count(number, "fd").map { Double($0) }
      case .threads: amount(status?.threads)
      case .number: Double(number)
      case .bytesRead: amount(io?.bytesRead)
      case .reads: amount(io?.reads)
      case .realtimePriority: Double(stat.realtimePriority)
      case .pendingSignals: amount(status?.pendingSignals)
      case .voluntarySwitches: amount(status?.voluntarySwitches)
      case .bytesWritten: amount(io?.bytesWritten)
      case .writes: amount(io?.writes)
      default: limits.flatMap { $0.withUnsafeBytes { field.limit(in: $0) } }
      }
    }

    private func amount(_ value: UInt64?, unit: Double = 1) -> Double? { value.map { Double($0) * unit } }
  }
#endif
