internal import Unix

/// A control group of version 2: what a container, or a service, uses and may use.
struct ControlGroup: Equatable {
  /// Bytes charged to it, `memory.current`.
  var memoryUsage: UInt64?
  /// Bytes of the page cache that could be dropped first, `inactive_file` of `memory.stat`.
  var inactiveFile: UInt64?
  /// Bytes, `memory.max`; nil: no limit.
  var memoryLimit: UInt64?
  /// Microseconds of CPU time since it was made, `usage_usec` of `cpu.stat`.
  var cpuTime: UInt64?
  /// Processors' worth of time that it may take, `cpu.max`; nil: no limit.
  var cpuLimit: Double?
  /// Periods since it was made, and those in which it was held up because it had used up its time.
  var periods: UInt64?
  var throttledPeriods: UInt64?

  /// What cannot be taken away from it without harm, as Kubernetes counts: usage without `inactiveFile`. Bytes.
  var workingSet: UInt64? {
    guard let memoryUsage, let inactiveFile else { return nil }
    return memoryUsage > inactiveFile ? memoryUsage - inactiveFile : 0
  }

  /// The working set, of the limit; nil without a limit.
  var memoryUtilization: Double? {
    guard let workingSet, let memoryLimit, memoryLimit > 0 else { return nil }
    return 100 * Double(workingSet) / Double(memoryLimit)
  }

  /// CPU time in a time, in percent of one processor, so it may exceed 100; nil if it went backwards. The time is in nanoseconds.
  func cpuUsage(since earlier: ControlGroup, nanoseconds: Int64) -> Double? {
    guard let from = earlier.cpuTime, let to = cpuTime, to >= from, nanoseconds > 0 else { return nil }
    return 100 * Double(to - from) * 1000 / Double(nanoseconds)
  }

  /// The same, in percent of what it may take; nil without a limit.
  func cpuUtilization(since earlier: ControlGroup, nanoseconds: Int64) -> Double? {
    guard let cpuLimit, cpuLimit > 0 else { return nil }
    return cpuUsage(since: earlier, nanoseconds: nanoseconds).map { $0 / cpuLimit }
  }

  /// Percent of the periods in which it was held up; nil if none passed, as without a limit.
  func cpuThrottled(since earlier: ControlGroup) -> Double? {
    guard let from = earlier.periods, let to = periods, let before = earlier.throttledPeriods, let now = throttledPeriods, to > from,
      now >= before
    else { return nil }
    return min(100 * Double(now - before) / Double(to - from), 100)
  }

  /// The value of a key in a file of keys and numbers, such as `memory.stat`; nil: it is not there.
  static func number(_ key: StaticString, in text: UnsafeRawBufferPointer) -> UInt64? {
    for line in Lines(text) where line.starts(with: key) {
      var fields = FieldScanner(line)
      if fields.word()?.equals(key) == true { return fields.number() }
    }
    return nil
  }

  /// Parses a file of one number, such as `memory.current`; nil if it is `max`, or none of 64 bits.
  static func parse(number text: UnsafeRawBufferPointer) -> UInt64? {
    var fields = FieldScanner(text)
    return fields.number()
  }

  /// Parses `cpu.max`: a quota and a period, in microseconds; nil: no limit.
  static func parse(cpuMax: UnsafeRawBufferPointer) -> Double? {
    var fields = FieldScanner(cpuMax)
    guard let quota = fields.number(), let period = fields.number(), period > 0 else { return nil }
    return Double(quota) / Double(period)
  }

  /// Parses `/proc/self/cgroup`: the path of the control group of version 2, which begins with a slash; nil: there is none, or it lies
  /// outside of what this process can see.
  static func parse(cgroup: UnsafeRawBufferPointer) -> String? {
    for line in Lines(cgroup) where line.starts(with: "0::/") {
      let path = FileName.text(line.part(3..<line.count))
      return path.split(separator: "/").contains("..") ? nil : path
    }
    return nil
  }
}
