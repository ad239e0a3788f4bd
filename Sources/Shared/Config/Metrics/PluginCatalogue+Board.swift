internal import Records

/// Sections that the CloudWatch agent does not have: what a small board needs.
extension PluginCatalogue {
  static let board: [PluginDescription] = [cgroup, flash, pressure, system, temperature, voltage, wireless]

  private typealias Field = PluginDescription.Field

  private static let cgroup = PluginDescription(
    "cgroup",
    fields: [
      Field("cpu_throttled_percent", .percent, "periods in which it had used up its CPU time", "cpu.stat nr_throttled of nr_periods"),
      Field("cpu_usage", .percent, "CPU time since the last sample, of one processor", "cpu.stat usage_usec"),
      Field("cpu_used_percent", .percent, "CPU time since the last sample, of its limit", "cpu.stat usage_usec, cpu.max"),
      Field("memory_limit", .bytes, "its limit; none where there is none", "memory.max"),
      Field("memory_usage", .bytes, "what is charged to it, page cache included", "memory.current"),
      Field("memory_used_percent", .percent, "working set, of its limit", "memory.current, memory.stat, memory.max"),
      Field("memory_working_set", .bytes, "usage without inactive page cache", "memory.current - memory.stat inactive_file"),
    ])

  private static let flash = PluginDescription(
    "flash", dimensions: ["device"],
    keys: [Key("resources", .names, \.resources, "names of devices, or globs; by default all")],
    fields: [
      Field("errors", .count, "errors of an ext4 file system since it was checked last", "/sys/fs/ext4 errors_count"),
      Field("life_time_a", .percent, "life of an eMMC that is over, memory type A, in steps of 10", "/sys/block life_time"),
      Field("life_time_b", .percent, "life of an eMMC that is over, memory type B, in steps of 10", "/sys/block life_time"),
      Field("pre_eol", .none, "spare blocks of an eMMC: 1 normal, 2 four fifths used, 3 nine tenths used", "/sys/block pre_eol_info"),
      Field("written", .bytes, "written to an ext4 or f2fs file system since it was made", "/sys/fs lifetime_write_kbytes"),
    ])

  private static let pressure = PluginDescription(
    "pressure",
    fields: [
      ("cpu_some", "at least one task waited for a processor"), ("io_full", "all tasks waited for disks"),
      ("io_some", "at least one task waited for a disk"), ("irq_full", "interrupts kept all tasks waiting"),
      ("memory_full", "all tasks waited for memory"), ("memory_some", "at least one task waited for memory"),
    ].map { name, meaning in
      Field(name, .percent, "time since the last sample in which \(meaning)", "/proc/pressure total")
    })

  private static let system = PluginDescription(
    "system",
    fields: [
      Field("failed_units", .count, "units of systemd that have failed", "D-Bus, NFailedUnits of systemd"),
      Field("load1", .none, "tasks that run or wait for a processor or a disk, mean of a minute", "/proc/loadavg"),
      Field("load15", .none, "the same, mean of 15 minutes", "/proc/loadavg"),
      Field("load5", .none, "the same, mean of 5 minutes", "/proc/loadavg"),
      Field("read_only_file_systems", .count, "local file systems that cannot be written to and should be", "/proc/self/mountinfo"),
      Field("uptime", .seconds, "time since the boot", "/proc/uptime"),
    ])

  private static let temperature = PluginDescription(
    "temperature", dimensions: ["sensor"],
    keys: [Key("resources", .names, \.resources, "names of sensors, or globs; by default all")],
    fields: [Field("celsius", .none, "degrees Celsius", "/sys/class/thermal, /sys/class/hwmon")])

  private static let voltage = PluginDescription(
    "voltage",
    fields: [
      Field("frequency_capped", .none, "1: a Raspberry Pi runs slower than it could", "get_throttled of the firmware"),
      Field("low", .none, "1: a Raspberry Pi has had too low a voltage since the last sample", "hwmon rpi_volt in0_lcrit_alarm"),
      Field("soft_temperature_limit", .none, "1: a Raspberry Pi 3B+ is so hot that it runs slower", "get_throttled of the firmware"),
      Field("throttled", .none, "1: a Raspberry Pi is throttled", "get_throttled of the firmware"),
    ])

  private static let wireless = PluginDescription(
    "wireless", dimensions: ["interface"],
    keys: [Key("resources", .names, \.resources, "names of interfaces, or globs; by default all")],
    fields: [
      Field("link_quality", .none, "quality of the connection, mostly of 70", "/proc/net/wireless"),
      Field("noise_minus_dbm", .none, "noise without its minus: 90 is -90 dBm", "/proc/net/wireless"),
      Field("signal_minus_dbm", .none, "signal without its minus: 53 is -53 dBm, and more is weaker", "/proc/net/wireless"),
    ])
}
