internal import Config
internal import Patterns
internal import Unix

/// `procstat`: the processes that an entry selects, each with its own data. Several that match have equal dimensions, and CloudWatch adds
/// them up.
final class ProcstatPlugin: Plugin {
  private struct Process {
    let number: Int32
    let start: UInt64
    let instance: PluginContext.Instance
    var ticks: UInt64
    var isPresent = true
  }

  private let context: PluginContext
  private let selection: ProcessSelection
  private let directory: ProcessDirectory
  private let visibility: ProcessVisibility
  private let wanted: [PluginContext.Wanted<ProcessField>]
  private let count: [PluginContext.Wanted<CountField>]
  private let lookup: PluginContext.Instance
  private let ticksPerSecond = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
  private var processes: [Process] = []
  private var found: [Int32] = []
  private var last: Moment?

  private enum CountField: String, CaseIterable { case count = "pid_count" }

  init(_ context: PluginContext) throws {
    self.context = context
    selection = try ProcessSelection(context.settings, warn: context.warnOnce)
    directory = ProcessDirectory(root: context.root)
    visibility = ProcessVisibility(root: context.root)
    wanted = context.wanted()
    count = context.wanted()
    lookup = context.instance([selection.dimension, ("pid_finder", "native")])
  }

  func sample() {
    // A number in a file is found, or not, by itself.
    if selection.searches, let obstacle = visibility.obstacle() {
      return context.warnOnce("\(obstacle); the metrics of procstat are left out")
    }
    found.removeAll(keepingCapacity: true)
    do {
      try selection.find(in: directory, root: context.root) { found.append($0) }
    } catch {
      return context.warnOnce("\(error); the metrics of procstat are left out")
    }
    for index in processes.indices { processes[index].isPresent = false }
    let seconds = last.map { context.now.seconds(since: $0) }
    last = context.now
    var alive = 0
    for number in found where measure(number, seconds) { alive += 1 }
    processes.removeAll { !$0.isPresent }
    for field in count { context.write(Double(alive), field, lookup) }
  }

  /// Whether there is such a process.
  private func measure(_ number: Int32, _ seconds: Double?) -> Bool {
    guard let text = directory.read(number, "stat"), let stat = ProcessStat(text) else { return false }
    let ticks = stat.userTime &+ stat.systemTime
    var usage: Double?
    let index: Int
    if let known = processes.firstIndex(where: { $0.number == number && $0.start == stat.start }) {
      index = known
      if let seconds, seconds > 0, ticks >= processes[known].ticks {
        usage = 100 * Double(ticks - processes[known].ticks) / ticksPerSecond / seconds
      }
    } else {
      index = processes.count
      processes.append(Process(number: number, start: stat.start, instance: instance(number, text), ticks: ticks))
    }
    processes[index].ticks = ticks
    processes[index].isPresent = true
    var files = ProcessFiles(directory, number)
    for field in wanted {
      let value = field.field == .cpuUsage ? usage : files.value(field.field, stat, ticksPerSecond: ticksPerSecond)
      if let value { context.write(value, field, processes[index].instance) }
    }
    return true
  }

  private func instance(_ number: Int32, _ stat: UnsafeRawBufferPointer) -> PluginContext.Instance {
    var name = ProcessStat.name(stat).map { Array($0) } ?? []
    // The kernel cuts names there.
    if name.count >= 15, let line = directory.read(number, "cmdline") {
      let program = line.prefix { $0 != 0 }.split(separator: UInt8(ascii: "/")).last ?? []
      if program.starts(with: name) { name = Array(program) }
    }
    return context.instance([(selection.dimension.name, Array(selection.dimension.value.utf8)), ("process_name", name)])
  }
}
