internal import Unix

/// What all processors together have done since the machine started, and how many are online.
struct CPU: Equatable {
  /// Time by kind, in clock ticks: the fields of `/proc/stat`, in the order of proc(5). `user` and `nice` include the guest times.
  struct Times: Equatable {
    var user: UInt64 = 0
    var nice: UInt64 = 0
    var system: UInt64 = 0
    var idle: UInt64 = 0
    var iowait: UInt64 = 0
    var irq: UInt64 = 0
    var softirq: UInt64 = 0
    var steal: UInt64 = 0
    var guest: UInt64 = 0
    var guestNice: UInt64 = 0
  }

  var times: Times
  /// Online logical processors.
  var count: Int

  /// How much of the time since `earlier` was not idle, 0 to 100; nil if no time passed by the processors' clocks, and if the idle time
  /// went backwards, as around containers and with a processor that goes: nobody knows what was idle then.
  ///
  /// The arithmetic of `cpu_percent` in psutil 7.2.2: waiting for a disk is idling, and another kind whose time went backwards
  /// counts as unmoved. Not rounded, unlike there.
  func utilization(since earlier: CPU) -> Double? { Change(from: earlier.times, to: times, ticks: .infinity)?.percentBusy }

  /// Parses `/proc/stat`; nil if it is not as in proc(5).
  static func parse(stat: UnsafeRawBufferPointer) -> CPU? {
    var times: Times?
    var count = 0
    for line in Lines(stat) {
      // The processors come first, before the long line of interrupts.
      guard line.starts(with: "cpu") else { break }
      var fields = FieldScanner(line)
      guard let name = fields.word() else { return nil }
      if name.equals("cpu") {
        times = Times(&fields)
      } else {
        count += 1
      }
    }
    guard let times, count > 0 else { return nil }
    return CPU(times: times, count: count)
  }
}

extension CPU.Times {
  /// The fields after `cpu`. The last three came with Linux 2.6.11 to 2.6.33 and are 0 where they are missing.
  init?(_ fields: inout FieldScanner) {
    guard let user = fields.number(), let nice = fields.number(), let system = fields.number(), let idle = fields.number(),
      let iowait = fields.number(), let irq = fields.number(), let softirq = fields.number()
    else { return nil }
    self.init(
      user: user, nice: nice, system: system, idle: idle, iowait: iowait, irq: irq, softirq: softirq, steal: fields.number() ?? 0,
      guest: fields.number() ?? 0, guestNice: fields.number() ?? 0)
  }
}
