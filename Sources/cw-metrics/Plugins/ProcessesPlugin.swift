internal import Unix

/// `processes`: how many there are, by their state.
final class ProcessesPlugin: Plugin {
  enum Field: String, CaseIterable {
    case blocked
    case dead
    case idle
    case paging
    case running
    case sleeping
    case stopped
    case total
    case totalThreads = "total_threads"
    case zombies
  }

  private let context: PluginContext
  private let processes: ProcessDirectory
  private let visibility: ProcessVisibility
  private let wanted: [PluginContext.Wanted<Field>]
  private let machine: PluginContext.Instance

  init(_ context: PluginContext) {
    self.context = context
    processes = ProcessDirectory(root: context.root)
    visibility = ProcessVisibility(root: context.root)
    wanted = context.wanted()
    machine = context.instance()
  }

  func sample() {
    if let obstacle = visibility.obstacle() {
      return context.warnOnce("\(obstacle); the metrics of processes are left out")
    }
    var counts = ProcessCounts()
    do {
      try processes.forEach { process in
        if let text = processes.read(process, "stat"), let (state, threads) = ProcessStat.stateAndThreads(text) {
          counts.add(state, threads: threads)
        }
      }
    } catch {
      return context.warnOnce("\(error); the metrics of processes are left out")
    }
    // Where there is a machine there is this process.
    guard counts.total > 0 else { return context.warnOnce("\(processes.path) shows no process; the metrics of processes are left out") }
    for field in wanted { context.write(Double(counts[field.field]), field, machine) }
  }
}

/// Processes by their state, as the CloudWatch agent counts them.
struct ProcessCounts: Equatable {
  private(set) var total: UInt64 = 0
  private var threads: UInt64 = 0
  private var blocked: UInt64 = 0
  private var dead: UInt64 = 0
  private var idle: UInt64 = 0
  private var paging: UInt64 = 0
  private var running: UInt64 = 0
  private var sleeping: UInt64 = 0
  private var stopped: UInt64 = 0
  private var zombies: UInt64 = 0

  /// - Parameter state: a letter of proc_pid_stat(5); another one counts for the total alone.
  mutating func add(_ state: UInt8, threads count: UInt64) {
    total += 1
    threads &+= count
    switch state {
    case UInt8(ascii: "R"): running += 1
    case UInt8(ascii: "S"): sleeping += 1
    case UInt8(ascii: "D"): blocked += 1
    case UInt8(ascii: "I"): idle += 1
    case UInt8(ascii: "Z"): zombies += 1
    case UInt8(ascii: "T"), UInt8(ascii: "t"): stopped += 1
    case UInt8(ascii: "X"), UInt8(ascii: "x"): dead += 1
    case UInt8(ascii: "W"): paging += 1
    default: break
    }
  }

  subscript(field: ProcessesPlugin.Field) -> UInt64 {
    switch field {
    case .blocked: blocked
    case .dead: dead
    case .idle: idle
    case .paging: paging
    case .running: running
    case .sleeping: sleeping
    case .stopped: stopped
    case .total: total
    case .totalThreads: threads
    case .zombies: zombies
    }
  }
}
