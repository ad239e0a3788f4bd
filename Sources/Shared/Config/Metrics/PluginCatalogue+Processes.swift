internal import Records

extension PluginCatalogue {
  static let procstat = PluginDescription(
    "procstat", dimensions: ["exe", "pattern", "pid_finder", "pidfile", "process_name"],
    unserved: ["guest", "guest_nice", "idle", "irq", "nice", "soft_irq", "steal", "stolen"].map { "cpu_time_\($0)" }, isList: true,
    keys: [
      Key("exe", .patternText, \.exe, "processes whose executable's path matches this pattern"),
      Key("pattern", .patternText, \.pattern, "processes whose command line matches this pattern"),
      Key("pid_file", .text, \.pidFile, "the process whose number stands in this file"),
    ], fields: usage + limits)

  private typealias Field = PluginDescription.Field

  private static let usage: [Field] = [
    Field("cpu_time", .none, "seconds of CPU time since its start, whole ones", "/proc/N/stat utime + stime"),
    Field("cpu_time_iowait", .none, "seconds of waiting for disks since its start", "/proc/N/stat delayacct_blkio_ticks"),
    Field("cpu_time_system", .none, "seconds in the kernel since its start", "/proc/N/stat stime"),
    Field("cpu_time_user", .none, "seconds in the program since its start", "/proc/N/stat utime"),
    Field("cpu_usage", .percent, "CPU time since the last sample, of one processor", "/proc/N/stat utime + stime"),
    Field("involuntary_context_switches", .none, "times that it was put aside", "/proc/N/status"),
    Field("memory_data", .bytes, "data segment", "/proc/N/status VmData"),
    Field("memory_locked", .bytes, "locked memory", "/proc/N/status VmLck"),
    Field("memory_rss", .bytes, "resident memory", "/proc/N/status VmRSS"),
    Field("memory_stack", .bytes, "stack", "/proc/N/status VmStk"),
    Field("memory_swap", .bytes, "swapped out", "/proc/N/status VmSwap"),
    Field("memory_vms", .bytes, "address space", "/proc/N/status VmSize"),
    Field("nice_priority", .none, "nice value", "/proc/N/stat nice"),
    Field("num_fds", .none, "open files (own processes, or as root)", "/proc/N/fd"),
    Field("num_threads", .none, "threads", "/proc/N/status Threads"),
    Field("pid", .none, "number of the process", "/proc"),
    Field("pid_count", .none, "processes found", "/proc", metricName: "procstat_lookup_pid_count"),
    Field("read_bytes", .bytes, "read from disks since its start (own processes, or as root)", "/proc/N/io read_bytes"),
    Field("read_count", .none, "reads since its start (own processes, or as root)", "/proc/N/io syscr"),
    Field("realtime_priority", .none, "real-time priority", "/proc/N/stat rt_priority"),
    Field("signals_pending", .none, "signals that wait", "/proc/N/status SigQ"),
    Field("voluntary_context_switches", .none, "times that it waited", "/proc/N/status"),
    Field("write_bytes", .bytes, "written to disks since its start (own processes, or as root)", "/proc/N/io write_bytes"),
    Field("write_count", .none, "writes since its start (own processes, or as root)", "/proc/N/io syscw"),
  ]

  private static let limits: [Field] = [
    ("cpu_time", MetricUnit.none, "Max cpu time"), ("file_locks", .none, "Max file locks"), ("memory_data", .bytes, "Max data size"),
    ("memory_locked", .bytes, "Max locked memory"), ("memory_rss", .bytes, "Max resident set"), ("memory_stack", .bytes, "Max stack size"),
    ("memory_vms", .bytes, "Max address space"), ("nice_priority", .none, "Max nice priority"), ("num_fds", .none, "Max open files"),
    ("realtime_priority", .none, "Max realtime priority"), ("signals_pending", .none, "Max pending signals"),
  ].flatMap { name, unit, line in
    [("hard", "hard"), ("soft", "soft")].map { suffix, kind in
      Field("rlimit_\(name)_\(suffix)", unit, "\(kind) limit; none where it is unlimited", "/proc/N/limits \(line)")
    }
  }
}
