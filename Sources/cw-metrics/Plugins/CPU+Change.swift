extension CPU {
  /// What a processor's time is asked for, as the CloudWatch agent calls it.
  enum Kind: String, CaseIterable {
    case active
    case guest
    case guestNice = "guest_nice"
    case idle
    case iowait
    case irq
    case nice
    case softirq
    case steal
    case system
    case user
  }

  /// What a processor did between two readings, by the CloudWatch agent's formulas: waiting for a disk is active.
  struct Change {
    // Ticks, none of them negative.
    private let idle: Double
    private let guest: Double
    private let guestNice: Double
    private let times: (user: Double, nice: Double, system: Double, iowait: Double, irq: Double, softirq: Double, steal: Double)
    private let total: Double

    /// Nil if no time passed by the processor's clock, if its idle time went backwards, or if far more time passed than there was: its
    /// counters began anew, or it was away. Another kind that went backwards, as the time of waiting for disks sometimes does, counts as
    /// unmoved.
    /// - Parameter ticks: the time that there was.
    init?(from earlier: Times, to later: Times, ticks: Double) {
      func moved(_ kind: KeyPath<Times, UInt64>) -> Double {
        let (from, to) = (earlier[keyPath: kind], later[keyPath: kind])
        return to > from ? Double(to - from) : 0
      }
      guard later.idle >= earlier.idle else { return nil }
      idle = Double(later.idle - earlier.idle)
      times = (
        moved(\.user), moved(\.nice), moved(\.system), moved(\.iowait), moved(\.irq), moved(\.softirq), moved(\.steal)
      )
      guest = moved(\.guest)
      guestNice = moved(\.guestNice)
      total = idle + times.user + times.nice + times.system + times.iowait + times.irq + times.softirq + times.steal
      // Twice as much, and two seconds: the kernel's clocks are not read at one moment, and a hypervisor's are its own.
      guard total > 0, total <= 2 * ticks + 200 else { return nil }
    }

    /// The share of the time, 0 to 100.
    func percent(_ kind: Kind) -> Double { 100 * spent(kind) / total }

    /// The same of all that is neither idling nor waiting for a disk.
    var percentBusy: Double { 100 * (total - idle - times.iowait) / total }

    private func spent(_ kind: Kind) -> Double {
      switch kind {
      case .active: total - idle
      case .guest: guest
      case .guestNice: guestNice
      case .idle: idle
      case .iowait: times.iowait
      case .irq: times.irq
      // The guests' part is counted in a little later.
      case .nice: max(times.nice - guestNice, 0)
      case .softirq: times.softirq
      case .steal: times.steal
      case .system: times.system
      case .user: max(times.user - guest, 0)
      }
    }
  }
}

extension CPU.Times {
  /// The ticks since the boot; `user` and `nice` with those of the guests.
  func spent(_ kind: CPU.Kind) -> Double {
    switch kind {
    case .active: Double(user) + Double(nice) + Double(system) + Double(iowait) + Double(irq) + Double(softirq) + Double(steal)
    case .guest: Double(guest)
    case .guestNice: Double(guestNice)
    case .idle: Double(idle)
    case .iowait: Double(iowait)
    case .irq: Double(irq)
    case .nice: Double(nice)
    case .softirq: Double(softirq)
    case .steal: Double(steal)
    case .system: Double(system)
    case .user: Double(user)
    }
  }
}
