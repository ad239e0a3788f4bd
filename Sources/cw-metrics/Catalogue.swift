internal import Records

/// All metrics, by name. A new one is a row here (and a line in the manual, which a test asks for).
enum Catalogue {
  static let metrics: [Metric] = [
    Metric("CPUCount", .count, "logical processors online", "/proc/stat") { $0.end.cpu.map { Double($0.count) } },
    Metric("CPUUtilization", .percent, "time that the processors were not idle", "/proc/stat") { $0.cpuUtilization },
    Metric("DiskReadBytes", .bytesPerSecond, "read from all whole disks", "/proc/diskstats") { $0.disk?.bytesIn },
    Metric("DiskReadOps", .countPerSecond, "reads from all whole disks", "/proc/diskstats") { $0.disk?.operationsIn },
    Metric(
      "DiskSpaceUtilization", .percent, "space used of each local file system, as df has it (dimension Path)", "statvfs(3)",
      value: .fileSystems { $0.utilization }),
    Metric("DiskWriteBytes", .bytesPerSecond, "written to all whole disks", "/proc/diskstats") { $0.disk?.bytesOut },
    Metric("DiskWriteOps", .countPerSecond, "writes to all whole disks", "/proc/diskstats") { $0.disk?.operationsOut },
    Metric("MemoryAvailable", .bytes, "memory that programs could get without swapping", "/proc/meminfo") {
      $0.end.memory.map { Double($0.available) }
    },
    Metric("MemoryUsed", .bytes, "memory that is not available", "/proc/meminfo") { $0.end.memory.map { Double($0.used) } },
    Metric("MemoryUtilization", .percent, "memory that is not available, of all", "/proc/meminfo") { $0.end.memory?.utilization },
    Metric("NetworkIn", .bytesPerSecond, "received by all network interfaces", "/proc/net/dev") { $0.network?.bytesIn },
    Metric("NetworkOut", .bytesPerSecond, "sent by all network interfaces", "/proc/net/dev") { $0.network?.bytesOut },
    Metric("NetworkPacketsIn", .countPerSecond, "packets received by all network interfaces", "/proc/net/dev") { $0.network?.operationsIn },
    Metric("NetworkPacketsOut", .countPerSecond, "packets sent by all network interfaces", "/proc/net/dev") { $0.network?.operationsOut },
  ]
}
