/// Two readings of the machine, from which every metric is computed.
struct Interval {
  let start: Snapshot
  let end: Snapshot
  /// The I/O rates of all whole disks together.
  let disk: IOCounters.Rates?
  /// The I/O rates of all network interfaces together.
  let network: IOCounters.Rates?

  init(from start: Snapshot, to end: Snapshot) {
    self.start = start
    self.end = end
    let seconds = Double(end.monotonic - start.monotonic) / 1e9
    func rates(_ traffic: KeyPath<Snapshot, [IOCounters]?>) -> IOCounters.Rates? {
      guard let earlier = start[keyPath: traffic], let later = end[keyPath: traffic] else { return nil }
      return IOCounters.rates(from: earlier, to: later, seconds: seconds)
    }
    disk = rates(\.disks)
    network = rates(\.interfaces)
  }

  var cpuUtilization: Double? {
    guard let earlier = start.cpu, let later = end.cpu else { return nil }
    return later.utilization(since: earlier)
  }
}
