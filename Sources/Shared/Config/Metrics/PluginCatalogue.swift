internal import Records

/// All sections of `metrics.metrics_collected` that mean something here. A new metric is a row here, a case in its plugin in
/// `cw-metrics`, and a line in that program's manual; tests ask for all three.
package enum PluginCatalogue {
  package static let plugins: [PluginDescription] = [cpu, mem, swap, disk, diskio, net, netstat, processes, procstat] + board

  /// The section of this name; nil: there is none.
  package static func plugin(_ name: String) -> PluginDescription? { plugins.first { $0.name == name } }

  // The rows below have the CloudWatch agent's names and formulas (its release 1.300071, with the inputs of Telegraf and gopsutil that
  // it is built with).
  private typealias Field = PluginDescription.Field

  private static let cpu = PluginDescription(
    "cpu", dimensions: ["cpu"],
    keys: [
      Key("resources", .names, \.resources, "\"*\": each processor beside all together"),
      Key("totalcpu", .boolean, \.totalcpu, "whether all processors together are measured"),
    ],
    fields: cpuKinds.map { kind, meaning in Field("usage_\(kind)", .percent, "share of the time \(meaning)", "/proc/stat") }
      + cpuKinds.map { kind, meaning in Field("time_\(kind)", .none, "seconds since the boot \(meaning)", "/proc/stat") })

  private static let cpuKinds = [
    ("active", "not idle; waiting for a disk is not idle"), ("guest", "running guests"), ("guest_nice", "running guests of low priority"),
    ("idle", "idle"), ("iowait", "waiting for a disk"), ("irq", "serving interrupts"), ("nice", "in programs of low priority, no guests"),
    ("softirq", "serving soft interrupts"), ("steal", "taken by the hypervisor"), ("system", "in the kernel"),
    ("user", "in programs, no guests"),
  ]

  private static let mem = PluginDescription(
    "mem",
    fields: [
      Field("active", .bytes, "used recently", "/proc/meminfo Active"),
      Field("available", .bytes, "what programs could get without swapping", "/proc/meminfo MemAvailable"),
      Field("available_percent", .percent, "available of total", "/proc/meminfo"),
      Field("buffered", .bytes, "buffers of block devices", "/proc/meminfo Buffers"),
      Field("cached", .bytes, "page cache and what slabs could give back", "/proc/meminfo Cached + SReclaimable"),
      Field("free", .bytes, "not used at all", "/proc/meminfo MemFree"),
      Field("inactive", .bytes, "not used recently", "/proc/meminfo Inactive"),
      Field("shared", .bytes, "shared memory and tmpfs", "/proc/meminfo Shmem"),
      Field("total", .bytes, "all memory", "/proc/meminfo MemTotal"),
      Field("used", .bytes, "total - free - buffered - cached", "/proc/meminfo"),
      Field("used_percent", .percent, "used of total", "/proc/meminfo"),
    ])

  private static let swap = PluginDescription(
    "swap",
    fields: [
      Field("free", .bytes, "swap space not used", "/proc/meminfo SwapFree"),
      Field("used", .bytes, "swap space used", "/proc/meminfo SwapTotal - SwapFree"),
      Field("used_percent", .percent, "used of all; 0 without swap", "/proc/meminfo"),
    ])

  private static let disk = PluginDescription(
    "disk", dimensions: ["device", "fstype", "path"],
    keys: [
      Key("resources", .names, \.resources, "mount points; by default all"),
      Key("ignore_file_system_types", .names, \.ignoreFileSystemTypes, "types of file systems that are left out"),
      Key("drop_device", .boolean, \.dropDevice, "whether the dimension device is left out"),
    ],
    fields: [
      Field("free", .bytes, "what users other than root can still use", "statvfs(3) f_bavail"),
      Field("inodes_free", .count, "free inodes", "statvfs(3) f_ffree"),
      Field("inodes_total", .count, "all inodes", "statvfs(3) f_files"),
      Field("inodes_used", .count, "used inodes", "statvfs(3) f_files - f_ffree"),
      Field("total", .bytes, "all space", "statvfs(3) f_blocks"),
      Field("used", .bytes, "used space", "statvfs(3) f_blocks - f_bfree"),
      Field("used_percent", .percent, "used of used + free, as df(1) has it", "statvfs(3)"),
    ])

  private static let diskio = PluginDescription(
    "diskio", dimensions: ["name"],
    unserved: ebs.map { "ebs_\($0)" } + instanceStore.map { "instance_store_\($0)" },
    keys: [Key("resources", .names, \.resources, "names of devices, or globs; by default all")],
    fields: [
      Field("io_time", .milliseconds, "time with requests under way, since the last sample", "/proc/diskstats field 13"),
      Field("iops_in_progress", .count, "requests under way", "/proc/diskstats field 12"),
      Field("read_bytes", .bytes, "read since the last sample", "/proc/diskstats field 6 x 512"),
      Field("read_time", .milliseconds, "time spent reading, since the last sample", "/proc/diskstats field 7"),
      Field("reads", .count, "reads since the last sample", "/proc/diskstats field 4"),
      Field("write_bytes", .bytes, "written since the last sample", "/proc/diskstats field 10 x 512"),
      Field("write_time", .milliseconds, "time spent writing, since the last sample", "/proc/diskstats field 11"),
      Field("writes", .count, "writes since the last sample", "/proc/diskstats field 8"),
    ])

  private static let ebs =
    operations + [
      "volume_performance_exceeded_iops", "volume_performance_exceeded_tp", "ec2_instance_performance_exceeded_iops",
      "ec2_instance_performance_exceeded_tp", "volume_queue_length",
    ]
  private static let instanceStore = operations + ["performance_exceeded_iops", "performance_exceeded_tp", "volume_queue_length"]
  private static let operations = [
    "total_read_ops", "total_write_ops", "total_read_bytes", "total_write_bytes", "total_read_time", "total_write_time",
  ]

  private static let net = PluginDescription(
    "net", dimensions: ["interface"],
    keys: [Key("resources", .names, \.resources, "names of interfaces, or globs; by default all that are up, but lo")],
    fields: [
      Field("bytes_recv", .bytes, "received since the last sample", "/proc/net/dev"),
      Field("bytes_sent", .bytes, "sent since the last sample", "/proc/net/dev"),
      Field("drop_in", .count, "received packets dropped since the last sample", "/proc/net/dev"),
      Field("drop_out", .count, "packets to send dropped since the last sample", "/proc/net/dev"),
      Field("err_in", .count, "errors of receiving since the last sample", "/proc/net/dev"),
      Field("err_out", .count, "errors of sending since the last sample", "/proc/net/dev"),
      Field("packets_recv", .count, "packets received since the last sample", "/proc/net/dev"),
      Field("packets_sent", .count, "packets sent since the last sample", "/proc/net/dev"),
    ])

  private static let netstat = PluginDescription(
    "netstat",
    fields: [
      ("close", "CLOSE"), ("close_wait", "CLOSE_WAIT"), ("closing", "CLOSING"), ("established", "ESTABLISHED"), ("fin_wait1", "FIN_WAIT1"),
      ("fin_wait2", "FIN_WAIT2"), ("last_ack", "LAST_ACK"), ("listen", "LISTEN"),
    ].map { Field("tcp_\($0)", .count, "TCP sockets in the state \($1)", "/proc/net/tcp, tcp6") } + [
      Field("tcp_none", .count, "Unix sockets that are not for datagrams", "/proc/net/unix")
    ]
      + [("syn_recv", "SYN_RECV"), ("syn_sent", "SYN_SENT"), ("time_wait", "TIME_WAIT")].map {
        Field("tcp_\($0)", .count, "TCP sockets in the state \($1)", "/proc/net/tcp, tcp6")
      } + [Field("udp_socket", .count, "UDP sockets and Unix ones for datagrams", "/proc/net/udp, udp6, unix")])

  private static let processes = PluginDescription(
    "processes", unserved: ["wait"],
    fields: [
      Field("blocked", .count, "waiting for a device (D)", "/proc/N/stat"),
      Field("dead", .count, "dead (X)", "/proc/N/stat"),
      Field("idle", .count, "idle threads of the kernel (I)", "/proc/N/stat"),
      Field("paging", .count, "paging (W)", "/proc/N/stat"),
      Field("running", .count, "running, or could (R)", "/proc/N/stat"),
      Field("sleeping", .count, "sleeping (S)", "/proc/N/stat"),
      Field("stopped", .count, "stopped or traced (T, t)", "/proc/N/stat"),
      Field("total", .count, "all processes", "/proc/N/stat"),
      Field("total_threads", .count, "threads of all processes", "/proc/N/stat"),
      Field("zombies", .none, "ended, and not waited for by their parent (Z)", "/proc/N/stat"),
    ])
}
